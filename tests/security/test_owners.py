"""Other people's things are not there: every address × somebody else's rows, and nothing of them in any answer."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from booking.operations.freed_places.release_places import release_places
from booking.operations.hold import hold
from booking.queries.programmes import forget_programmes
from tests.desk_factories import make_desk
from tests.draw_factories import make_draw, make_draw_slot, make_entry
from tests.factories import CLOCK, make_citizen, make_patient, make_programme, make_slot, make_token
from tests.freed_factories import FullSlot
from tests.security.addresses import arguments, filled, patterns

pytestmark = pytest.mark.django_db(transaction=True)
NAME, NUMBER = "欧阳娜娜", "E7654321"
# Arguments that name something of a citizen. `patients` is a list of ids in the address.
OWNED = {"patient_id", "reference", "entry_id", "offer_id", "hold_id", "patients"}
# To their owner too these are not there: nothing was relocated, and a choice stands in the address besides.
MORE_THAN_AN_ADDRESS = {
    "appointments/<reference:reference>/accept/",
    "appointments/<reference:reference>/decline/",
    "appointments/<reference:reference>/move/check/",
    "book/<str:patients>/<slug:programme>/<slug:site>/check/",
}
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


def _of_citizens(pattern: str) -> bool:
    return not pattern.startswith(("api/v1/desk/", "desk", "screen"))


MINE = [one for one in patterns() if _of_citizens(one) and OWNED & {name for _, name in arguments(one)}]
ALL = [one for one in patterns() if _of_citizens(one)]


@pytest.fixture
def victim(time_machine):
    """Somebody with one of everything: a patient, an appointment, a wish with an offer, an entry in a draw, a hold."""
    time_machine.move_to(CLOCK + timedelta(hours=1, minutes=1))
    now = CLOCK + timedelta(hours=1, minutes=1)
    citizen = make_citizen()
    patient = make_patient(citizen, name=NAME, document_number=NUMBER, phone="+8613812346621")
    full = FullSlot(now)
    booked = full.books(patient, slot=make_slot(programme=make_programme(), starts_at=now + timedelta(days=4)))
    wish = full.waits(patient, minutes=30)
    full.cancels()
    release_places(now=now + timedelta(minutes=11))
    slot = make_slot(starts_at=now + timedelta(days=5))
    held = hold(account_id=citizen.pk, slot_id=slot.pk, patient_id=patient.pk, now=now)
    draw = make_draw(make_draw_slot(), now=CLOCK)
    entry = make_entry(draw, patient)
    forget_programmes()
    return SimpleNamespace(
        citizen=citizen, patient=patient, booked=booked, wish=wish, offer=wish.offers.get(), hold=held, draw=draw,
        entry=entry, slot=slot, now=now,
    )  # fmt: skip


def _values(victim, pattern: str) -> dict[str, object]:
    entry = victim.entry.entry_id if "draws/" in pattern else victim.wish.pk
    return {
        "patient_id": victim.patient.pk,
        "patients": victim.patient.pk,
        "reference": victim.booked.reference,
        "entry_id": entry,
        "offer_id": victim.offer.pk,
        "hold_id": victim.hold.token,
        "draw_id": victim.draw.pk,
        "programme": victim.slot.programme.code,
        "site": victim.slot.site.code,
        "code": victim.slot.site.code,
    }


def _asks(user, pattern: str, path: str, method: str, victim):
    """What the account gets, with a body that is right for its address."""
    body = {"slot": victim.slot.pk, "answer": "accept", "name": "李雷", "sites": [], "days": [], "entry": "x"}
    if pattern.startswith("api/"):
        headers = {
            "HTTP_AUTHORIZATION": f"Bearer {make_token(user, victim.now)}",
            "HTTP_IDEMPOTENCY_KEY": f"key-{method}",
        }
        return Client().generic(method, path, json.dumps(body), "application/json", **headers)
    client = Client()
    client.force_login(user, backend="accounts.backends.ProofBackend")
    return client.generic(method, path, "name=x&slot=1&sure=1", "application/x-www-form-urlencoded")


def test_every_page_and_call_of_somebody_elses_thing_is_not_found(victim):
    stranger = make_patient().user
    wrong = {}
    for pattern in MINE:
        path = filled(pattern, _values(victim, pattern))
        answers = {method: _asks(stranger, pattern, path, method, victim).status_code for method in METHODS}
        # Looking at the page behind this form leads to the list, whether there is such a wish or not.
        if pattern == "waitlist/<uuid:entry_id>/leave/":
            assert answers.pop("GET") == 302
        if not (404 in answers.values() and set(answers.values()) <= {404, 405}):
            wrong[pattern] = answers

    assert wrong == {}
    # And nothing has changed by asking.
    victim.patient.refresh_from_db()
    victim.booked.refresh_from_db()
    victim.wish.refresh_from_db()
    victim.offer.refresh_from_db()
    assert (victim.patient.name, victim.booked.status) == (NAME, "BOOKED")
    assert (victim.wish.ended_at, victim.offer.state) == (None, "PENDING")


def test_twin_the_owner_finds_each_of_them(victim):
    """The addresses above are right: to whom they belong they answer."""
    missing = set()
    for pattern in MINE:
        path = filled(pattern, _values(victim, pattern))
        # The first that answers is enough; the next might take away what later ones are about.
        found = (_asks(victim.citizen, pattern, path, method, victim).status_code for method in METHODS)
        if not any(status < 400 or status in (400, 409, 422) for status in found):
            missing.add(pattern)

    assert missing == MORE_THAN_AN_ADDRESS


def test_no_list_search_file_or_error_names_somebody_else(victim):
    stranger = make_patient().user
    told = {}
    for pattern in ALL:
        values = _values(victim, pattern)
        path = filled(pattern, values)
        tells = {NAME, NUMBER, "欧**娜", "138****6621", "13812346621", victim.booked.reference, str(victim.patient.pk)}
        for method in ("GET", "POST"):
            answer = _asks(stranger, pattern, f"{path}?q={NUMBER[:4]}", method, victim)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            # What the caller wrote into the address may come back in a link to the same page.
            if found := [text for text in tells if text in body.decode(errors="replace") and text not in path]:
                told[f"{method} {pattern}"] = found

    assert told == {}


def test_without_signing_in_only_what_is_public_answers(victim):
    open_to_all = set()
    for pattern in ALL:
        answer = Client().get(filled(pattern, _values(victim, pattern)))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert NAME not in body.decode(errors="replace"), pattern
        if answer.status_code == 200:
            open_to_all.add(pattern)

    assert [one for one in sorted(open_to_all) if OWNED & {name for _, name in arguments(one)}] == []


def test_ids_of_citizens_things_do_not_count_up():
    """Numbers that count are of things that everybody sees or that a desk names by its site."""
    counting = {one for one in patterns() for kind, _name in arguments(one) if kind == "int"}

    assert counting == {
        "api/v1/desk/conflicts/<int:act_id>/sealed",
        "api/v1/queues/<int:queue_id>",
        "api/v1/queues/<int:queue_id>/places",
        "queue/<int:queue_id>/",
        "queue/<int:queue_id>/state.json",
        "queue/<int:queue_id>/from/",
        "queue/<int:queue_id>/join.json",
        "queue/<int:queue_id>/stand/",
    }


def test_a_desk_finds_nothing_of_another_site(victim):
    client = Client(HTTP_X_DESK="1")
    from accounts import desk_sessions

    here, there = make_slot().site, victim.booked.slot.site
    key, _ends = desk_sessions.begin(make_desk(here, "registration", "supervisor"), now=victim.now)
    client.cookies[desk_sessions.COOKIE] = key
    wrong = {}
    for pattern in patterns():
        if not pattern.startswith("api/v1/desk/") or pattern.endswith("/session"):
            continue
        path = filled(pattern, _values(victim, pattern))
        day = victim.booked.slot.starts_at.date()
        asked = client.get(f"{path}?site={there.code}&date={day}&q={NUMBER}&number={NUMBER}")
        if asked.status_code not in (404, 405, 403) or NAME in asked.content.decode():
            wrong[pattern] = (asked.status_code, asked.content.decode()[:200])

    assert wrong == {}
