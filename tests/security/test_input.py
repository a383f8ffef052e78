"""What callers may send: not too large, not too deep, not more than they may set; never read as HTML or a header."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Patient, User
from booking.models import Appointment, Programme
from booking.operations.book import book
from sites.models import Site
from tests.admin.walk import Visitor, addresses
from tests.admin.world import World
from tests.factories import (
    CLOCK,
    make_citizen,
    make_patient,
    make_programme,
    make_resident_id,
    make_site,
    make_slot,
    make_token,
)
from tests.security.addresses import ask, filled, patterns

pytestmark = pytest.mark.django_db(transaction=True)
EVIL = "<img src=x onerror=alert(1)>"
CALLS = [pattern for pattern in patterns() if pattern.startswith("api/v1/") and "schema" not in pattern]


@pytest.fixture
def citizen(time_machine):
    time_machine.move_to(CLOCK)
    return make_citizen()


def headers(user) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {make_token(user, CLOCK)}", "HTTP_IDEMPOTENCY_KEY": "key-00000001"}


def calls(user, pattern: str, body: bytes) -> int:
    from deploy.wsgi import application

    return ask(application, "POST", filled(pattern), body, CONTENT_TYPE="application/json", **headers(user)).status


BODIES = {
    "deep": b"[" * 100_000,
    "deep and closed": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "large": b'{"name": "' + b"x" * 300_000 + b'"}',
    "no JSON": b"\xff\xfe\x00",
    "a huge number": b'{"slot": ' + b"9" * 5000 + b"}",
    "no number": b'{"slot": NaN, "patient": Infinity}',
    "a null character": b'{"name": "a\\u0000b", "phone": "\\u0000", "code": "\\u0000"}',
    "half a character": b'{"name": "\\ud800", "phone": "\\udfff", "code": "\\ud800"}',
    "a list": b"[1, 2, 3]",
    "nothing": b"",
}


@pytest.mark.parametrize("kind", BODIES)
def test_no_call_fails_whatever_is_sent(citizen, kind):
    answers = {pattern: calls(citizen, pattern, BODIES[kind]) for pattern in CALLS}

    assert {pattern: status for pattern, status in answers.items() if status >= 500 or status < 400} == {}


def test_too_much_is_refused_before_it_is_read_as_json(citizen):
    assert calls(citizen, "api/v1/appointments", BODIES["large"]) == 413
    assert calls(citizen, "api/v1/patients", BODIES["large"]) == 413


def test_nobody_sets_more_than_they_may(citizen):
    other = make_patient()
    more = {
        "id": str(other.pk),
        "user": other.user_id,
        "user_id": other.user_id,
        "person": str(other.person),
        "removed_at": None,
        "consented_by": other.user_id,
        "is_staff": True,
        "phone_index": str(other.person),
    }
    said = {"name": "李雷", "document_type": "resident_id", "document_number": make_resident_id(), "relation": "self"}
    client = Client(headers={"Authorization": f"Bearer {make_token(citizen, CLOCK)}"})

    added = client.post("/api/v1/patients", {**said, **more}, content_type="application/json")
    mine = Patient.objects.get(user=citizen)
    client.patch(f"/api/v1/patients/{mine.pk}", {"name": "李雷雷", **more}, content_type="application/json")

    assert added.status_code == 201
    mine.refresh_from_db()
    assert (mine.name, mine.user_id, mine.consented_by_id) == ("李雷雷", citizen.pk, None)
    assert mine.pk != other.pk
    assert mine.person != other.person
    assert not User.objects.filter(is_staff=True).exists()


def test_a_booking_takes_nothing_but_what_is_asked_for(citizen):
    patient, slot = make_patient(citizen), make_slot(quota=5, starts_at=CLOCK + timedelta(days=3))
    more = {"place": 9, "status": "FULFILLED", "booked_by": 1, "reference": "000000000000", "dose": 2, "moves": -5}
    body = json.dumps({"slot": slot.pk, "patient": str(patient.pk), **more}).encode()

    status = calls(citizen, "api/v1/appointments", body)

    for row in Appointment.objects.all():
        assert (row.status, row.booked_by_id, row.dose, row.moves) == ("BOOKED", citizen.pk, 1, 0)
        assert row.place <= 5
        assert row.reference != more["reference"]
    assert status in (201, 400)


@pytest.mark.parametrize(
    "next_page",
    ["/\r\nSet-Cookie: a=b", "//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", "javascript:alert(1)"],
)
def test_no_value_becomes_a_header_or_leads_away(client, next_page):
    for path in ("/text-size/large/", "/language/en/", "/sign-in/"):
        for answer in (client.get(path, {"next": next_page}), client.post(path, {"next": next_page})):
            assert "\n" not in str(answer.headers)[2:].replace("\\n", "")
            assert "elsewhere" not in answer.get("Location", "")
            assert "javascript:" not in answer.get("Location", "")


PATHS = (
    "/static/../deploy/settings.py",
    "/static/%2e%2e/manage.py",
    "/static//etc/passwd",
    "/open-data/..%2f..%2fmanage.py",
    "/open-data/../../manage.py",
    "/open-data/%00",
    "/sites/%0d%0aSet-Cookie:a/",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_what_is_served(client, path):
    assert client.get(path).status_code in (400, 404)


def test_another_name_for_the_host_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["booking.example"]
    for host in ("elsewhere.example", "booking.example:80@elsewhere.example", "booking.example\r\nX: y"):
        assert client.get("/", HTTP_HOST=host, HTTP_X_FORWARDED_HOST="booking.example").status_code == 400
    assert client.get("/", HTTP_HOST="booking.example", HTTP_X_FORWARDED_HOST="elsewhere.example").status_code == 200


def test_full_width_digits_are_digits_and_look_alikes_are_refused(citizen):
    number = make_resident_id()
    wide = number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    client = Client(headers={"Authorization": f"Bearer {make_token(citizen, CLOCK)}"})
    said = {"name": "李雷", "document_type": "resident_id", "relation": "self"}

    # A letter O for a zero, and Arabic and Devanagari digits, which Python's own int() would take.
    for wrong in (number.replace("0", "O", 1), number.translate({ord("1"): "١"}), number.translate({ord("1"): "१"})):
        body = {**said, "document_number": wrong}
        assert client.post("/api/v1/patients", body, content_type="application/json").status_code == 400
    assert (
        client.post("/api/v1/patients", {**said, "document_number": wide}, content_type="application/json").status_code
        == 201
    )
    assert Patient.objects.get().document_number == number


def test_html_in_names_is_shown_as_it_was_written_on_every_page(citizen):
    """The names of people, sites and programmes, however they came into the ledger."""
    site = make_site(name=EVIL, name_en=EVIL, street=EVIL)
    programme = make_programme(name=EVIL, name_en=EVIL)
    patient = make_patient(citizen, name=EVIL)
    slot = make_slot(site, programme, starts_at=CLOCK + timedelta(days=3))
    booked = book(account_id=citizen.pk, patient_id=patient.pk, slot_id=slot.pk, request_key="k", now=CLOCK)
    values = {"patient_id": patient.pk, "patients": patient.pk, "code": site.code, "site": site.code,
              "programme": programme.code, "reference": booked.reference}  # fmt: skip
    client = Client()
    client.force_login(citizen, backend="accounts.backends.ProofBackend")
    shown = 0
    for pattern in patterns():
        answer = client.get(filled(pattern, values))
        if not answer.streaming and "html" in answer.get("Content-Type", ""):
            text = answer.content.decode()
            assert "<img src=x" not in text, pattern
            shown += "&lt;img src=x" in text

    assert shown > 8


def test_nor_on_any_page_of_the_admin(time_machine):
    time_machine.move_to(CLOCK)
    world = World()
    Patient.objects.update(name=EVIL)
    Site.objects.update(name=EVIL, name_en=EVIL)
    Programme.objects.update(name=EVIL, name_en=EVIL)
    User.objects.filter(pk=world.city.pk).update(first_name=EVIL)
    visitor, shown = Visitor("city", world.actors()["city"]), 0
    for address in addresses(world):
        answer = visitor.ask("GET", address.own)
        if not answer.streaming and "html" in answer.get("Content-Type", ""):
            assert "<img src=x" not in answer.text, address.name
            shown += "&lt;img src=x" in answer.text

    assert shown > 20
