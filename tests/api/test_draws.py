"""The city app reads draws, enters people, changes and withdraws; others' entries are not there."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from booking.answers import store
from booking.models import Appointment, DrawEntry
from tests.api.test_booking_call import App
from tests.draw_factories import AFTER, CLOSES, DURING, FIRST, OPENS, have_drawn, make_draw, make_draw_slot, make_entry
from tests.factories import make_citizen, make_patient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(DURING, tick=False) as machine:
        yield machine


@pytest.fixture
def draw():
    return make_draw(make_draw_slot(places=1))


@pytest.fixture
def site(draw):
    return draw.programme.slots.get().site.code


@pytest.fixture
def patient():
    return make_patient(name="王秀兰")


@pytest.fixture
def app(patient):
    return App(patient.user)


def patch(app, path, body):
    return app.client.patch(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=app.headers)


def test_everybody_reads_what_was_announced(draw):
    (found,) = App(make_citizen(), language="en").get("draws").json()["results"]

    assert found == {
        "id": str(draw.pk), "programme": draw.programme.code, "programme_name": "Influenza", "name": "HPV draw",
        "state": "open", "opens_at": "2026-11-24T11:00:00+08:00", "closes_at": "2026-11-26T10:00:00+08:00",
        "first_day": FIRST.isoformat(), "last_day": (FIRST + timedelta(days=6)).isoformat(), "places": 1,
        "entered_at_least": 0, "entered_below": 100, "public_source": "The lottery numbers of 27 November 2026",
        "commitment": draw.commitment, "entries_digest": "", "public_value": "", "seed": "", "digest": "",
        "drawn_at": None, "next": None,
    }  # fmt: skip


def test_enter_see_change_and_withdraw(draw, site, patient, app):
    wanted = {"patient": str(patient.pk), "sites": [site], "days": [FIRST.isoformat()], "any_site": False}
    entered = app.post(f"draws/{draw.pk}/entries", wanted, key="key-00000001")
    assert entered.status_code == 201
    entry = DrawEntry.objects.get()
    assert entered.json() == {
        "id": str(entry.pk), "code": entry.code, "draw": str(draw.pk), "programme": draw.programme.code,
        "patient": {"id": str(patient.pk), "name_masked": "王*兰"}, "sites": [site], "days": [FIRST.isoformat()],
        "any_site": False, "rounds_lost": 0, "entered_at": "2026-11-24T11:01:00+08:00", "state": "entered",
        "rank": None, "appointment": None,
    }  # fmt: skip
    assert app.get("draws/entries").json()["results"] == [entered.json()]

    address = f"draws/entries/{entry.pk}"
    changed = patch(app, address, {"days": [], "any_site": True})
    assert changed.json() == {**entered.json(), "days": [], "any_site": True}
    assert app.get(address).json() == changed.json()

    for _time in range(2):
        assert app.delete(address).status_code == 204
    assert app.get(address).json()["state"] == "withdrawn"
    assert app.get("draws/entries").json()["results"] == []


def test_the_same_key_enters_once_and_is_answered_alike(draw, patient, app):
    wanted = {"patient": str(patient.pk), "any_site": True}

    answers = [app.post(f"draws/{draw.pk}/entries", wanted, key="key-00000001") for _time in range(3)]

    assert [answer.json() for answer in answers] == [answers[0].json()] * 3
    assert DrawEntry.objects.count() == 1
    other = app.post(f"draws/{draw.pk}/entries", {**wanted, "any_site": False}, key="key-00000001")
    assert (other.status_code, other.json()["code"]) == (422, "request_key_reused")


def test_refusals_by_name(draw, site, patient, app, clock):
    address = f"draws/{draw.pk}/entries"

    def refused(**more):
        answer = app.post(address, {"patient": str(patient.pk), **more})
        return answer.status_code, answer.json()["code"], answer.json().get("reason")

    assert refused() == (422, "wish_refused", "no_site")
    assert refused(sites=["NOWHERE"]) == (422, "wish_refused", "unknown_site")
    assert refused(sites=[site], days=["2020-01-01"]) == (422, "wish_refused", "unknown_day")
    assert refused(sites=["A"] * 6)[:2] == (400, "invalid")
    assert refused(sites="A")[:2] == (400, "invalid")
    assert app.post(address, {"patient": str(make_patient().pk), "any_site": True}).status_code == 404
    assert app.post(f"draws/{patient.pk}/entries", {"patient": str(patient.pk), "any_site": True}).status_code == 404
    make_entry(draw, make_patient(person=patient.person))
    answer = app.post(address, {"patient": str(patient.pk), "any_site": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_entered")
    clock.move_to(OPENS - timedelta(seconds=1))
    assert refused(any_site=True) == (409, "not_entering", "not_yet")
    clock.move_to(CLOSES)
    assert refused(any_site=True) == (409, "not_entering", "over")


def test_what_came_of_it_is_told(draw, patient, app, clock):
    make_entry(draw, patient)
    make_entry(draw, make_patient(patient.user))
    have_drawn(draw)
    clock.move_to(AFTER)
    app = App(patient.user)
    cache.clear()
    store.clear()

    states = {one["state"]: one for one in app.get("draws/entries").json()["results"]}

    assert states.keys() == {"won", "lost"}
    assert states["won"]["appointment"] == Appointment.objects.get().reference
    assert (states["won"]["rank"], states["lost"]["rank"]) == (1, 2)
    (found,) = app.get("draws").json()["results"]
    draw.refresh_from_db()
    assert (found["state"], found["digest"], found["seed"]) == ("drawn", draw.digest, draw.seed)
    assert found["places"] is found["entered_at_least"] is None


def test_nobody_sees_or_touches_what_is_somebody_elses(draw, patient):
    entry = make_entry(draw, patient)
    stranger, address = App(make_citizen()), f"draws/entries/{entry.entry_id}"

    assert stranger.get(address).status_code == 404
    assert stranger.delete(address).status_code == 404
    assert patch(stranger, address, {"any_site": True}).status_code == 404
    assert stranger.get("draws/entries").json()["results"] == []
    assert stranger.client.get(f"/api/v1/{address}").status_code == 401
    assert DrawEntry.objects.get().withdrawn_at is None
    assert timezone.now() == DURING
