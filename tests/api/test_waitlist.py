"""The city app waits for a leftover dose and answers when one is offered."""

from datetime import timedelta

import pytest
import time_machine

from booking.models import Appointment, WaitlistEntry
from booking.operations.freed_places.release_places import release_places
from tests.api.test_booking_call import App
from tests.factories import make_citizen, make_patient
from tests.freed_factories import FullSlot
from tests.waitlist_factories import Leftovers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leftovers(now):
    return Leftovers(now.replace(hour=11))


@pytest.fixture(autouse=True)
def clock(leftovers):
    with time_machine.travel(leftovers.now, tick=False) as machine:
        yield machine


@pytest.fixture
def patient():
    return make_patient(name="王秀兰")


@pytest.fixture
def app(patient):
    return App(patient.user)


def wish(leftovers, patient, **more):
    until = (leftovers.now + timedelta(days=7)).date().isoformat()
    return {"programme": leftovers.programme.code, "patient": str(patient.pk), "until": until, **more}


def test_join_see_be_offered_and_accept(leftovers, patient, app):
    joined = app.post("waitlist", wish(leftovers, patient, sites=[leftovers.site.code]), key="key-00000001")
    assert joined.status_code == 201
    assert joined.json() == {
        "id": str(WaitlistEntry.objects.get().pk),
        "programme": leftovers.programme.code,
        "programme_name": "流感",
        "patient": {"id": str(patient.pk), "name_masked": "王*兰"},
        "sites": [leftovers.site.code],
        "districts": [],
        "days": [],
        "parts_of_day": [],
        "companions": [],
        "takes_leftovers": True,
        "until": "2026-12-01",
        "joined_at": "2026-11-24T11:00:00+08:00",
        "before": 0,
    }
    assert app.get("waitlist").json()["results"] == [joined.json()]

    leftovers.begins()
    (offered,) = app.get("offers").json()["results"]
    assert offered["state"] == "pending"
    assert offered["entry"] == joined.json()["id"]
    assert offered["site"]["code"] == leftovers.site.code
    assert (offered["expires_at"], offered["come_by"]) == ("2026-11-24T11:15:00+08:00", "2026-11-24T12:30:00+08:00")

    taken = app.post(f"offers/{offered['id']}/accept", key="key-00000002")
    assert taken.status_code == 200
    assert taken.json()["reference"] == Appointment.objects.get().reference
    assert app.post(f"offers/{offered['id']}/accept", key="key-00000003").json() == taken.json()
    assert app.get("offers").json()["results"][0]["appointment"] == taken.json()["reference"]
    assert app.get("waitlist").json()["results"] == []


def test_a_place_is_offered_with_its_time_and_becomes_an_appointment_of_each(leftovers, patient, app):
    child = make_patient(patient.user, name="李雷")
    full = FullSlot(leftovers.now, quota=2, programme=leftovers.programme)
    wanted = wish(
        leftovers,
        patient,
        sites=[full.site.code],
        districts=["430102"],
        days=[5, 5],
        parts_of_day=["morning"],
        companions=[str(child.pk)],
        takes_leftovers=False,
    )
    joined = app.post("waitlist", wanted).json()
    assert (joined["days"], joined["parts_of_day"], joined["before"]) == ([5], ["morning"], 0)
    assert joined["companions"] == [{"id": str(child.pk), "name_masked": "李*"}]
    for row in full.booked:
        full.cancels(row)
    release_places(now=full.undone)

    (offered,) = app.get("offers").json()["results"]
    assert (offered["kind"], offered["companions"]) == ("place", ["李*"])
    assert (offered["starts_at"], offered["ends_at"]) == ("2026-11-27T09:00:00+08:00", "2026-11-27T09:30:00+08:00")
    taken = app.post(f"offers/{offered['id']}/accept").json()
    assert app.post(f"offers/{offered['id']}/accept").json() == taken
    assert Appointment.objects.live().filter(slot=full.slot).count() == 2
    assert app.get("waitlist").json()["results"] == []


def test_declining_keeps_the_wish_and_leaving_ends_it(leftovers, patient, app):
    entry = leftovers.waits(patient)
    leftovers.begins()
    offered = app.get("offers").json()["results"][0]["id"]

    for _ in range(2):
        assert app.post(f"offers/{offered}/decline").json()["state"] == "declined"
    refused = app.post(f"offers/{offered}/accept")
    assert (refused.status_code, refused.json()["code"], refused.json()["reason"]) == (409, "offer_gone", "declined")
    assert [one["id"] for one in app.get("waitlist").json()["results"]] == [str(entry.pk)]

    for _ in range(2):
        assert app.delete(f"waitlist/{entry.pk}").status_code == 204
    assert app.get("waitlist").json()["results"] == []


@pytest.mark.parametrize(
    "more",
    [
        {"until": "2026-11-23"},
        {"until": "2026-12-23"},
        {"days": [8]},
        {"parts_of_day": ["night"]},
        {"companions": ["somebody"]},
        {"programme": "a b"},
        {"takes_leftovers": "perhaps"},
    ],
)
def test_what_cannot_be_meant_is_refused_by_field(leftovers, patient, app, more):
    refused = app.post("waitlist", wish(leftovers, patient, **more))

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert not WaitlistEntry.objects.exists()


def test_refusals_by_name(leftovers, patient, app):
    assert app.post("waitlist", wish(leftovers, patient, sites=["nowhere"])).status_code == 404
    assert app.post("waitlist", wish(leftovers, make_patient())).status_code == 404
    leftovers.waits(make_patient(person=patient.person))
    refused = app.post("waitlist", wish(leftovers, patient))
    assert (refused.status_code, refused.json()["code"]) == (409, "already_waiting")


def test_nobody_sees_or_answers_what_is_somebody_elses(leftovers, patient, app):
    entry = leftovers.waits(patient)
    leftovers.begins()
    offered = app.get("offers").json()["results"][0]["id"]
    stranger = App(make_citizen())

    assert stranger.get("offers").json()["results"] == stranger.get("waitlist").json()["results"] == []
    assert stranger.delete(f"waitlist/{entry.pk}").status_code == 404
    for act in ("accept", "decline"):
        assert stranger.post(f"offers/{offered}/{act}").status_code == 404
    assert WaitlistEntry.objects.get().ended_at is None
    assert not Appointment.objects.exists()


def test_what_ran_out_is_shown_as_such(leftovers, patient, app, clock):
    leftovers.waits(patient)
    leftovers.begins()
    clock.move_to(leftovers.now + timedelta(minutes=15))

    assert app.get("offers").json()["results"][0]["state"] == "expired"
