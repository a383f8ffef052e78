"""Invitations by the API: the right is the person's, with the link or without it."""

from datetime import timedelta

import pytest
import time_machine

from booking.models import Appointment, ReleaseMode
from tests.api.test_booking_call import App
from tests.factories import CLOCK, make_citizen, make_patient, make_programme, make_slot
from tests.invitation_factories import invite_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False) as machine:
        yield machine


@pytest.fixture
def slot():
    programme = make_programme(
        release_mode=ReleaseMode.INVITATION, code="shingles", name="带状疱疹", name_en="Shingles"
    )
    return make_slot(programme=programme)


@pytest.fixture
def patient():
    return make_patient(name="王秀兰")


def ask(app, slot, patient, key="key-00000001"):
    return app.post("appointments", {"slot": slot.pk, "patient": str(patient.pk)}, key=key)


def test_an_account_sees_the_invitations_of_its_own_people(slot, patient):
    invitation = invite_to(slot.programme, patient.person)
    invite_to(slot.programme, make_patient().person)

    assert App(patient.user).get("invitations").json() == {
        "results": [
            {
                "id": str(invitation.pk),
                "state": "open",
                "programme": "shingles",
                "programme_name": "带状疱疹",
                "patient": {"id": str(patient.pk), "name_masked": "王*兰"},
                "sent_at": "2026-11-24T10:00:00+08:00",
                "expires_at": "2026-12-04T10:00:00+08:00",
            }
        ],
        "next": None,
    }
    assert App(patient.user, "en").get("invitations").json()["results"][0]["programme_name"] == "Shingles"
    assert App(make_citizen()).get("invitations").json()["results"] == []


def test_states_are_told_and_withdrawn_or_unsent_ones_are_not_there(slot, patient, clock):
    invite_to(slot.programme, patient.person, sent_at=None)
    invite_to(slot.programme, patient.person, withdrawn_at=CLOCK)
    invite_to(make_programme(), patient.person, expires_at=CLOCK)
    invite_to(slot.programme, patient.person)
    app = App(patient.user)

    assert sorted(one["state"] for one in app.get("invitations").json()["results"]) == ["open", "over"]
    assert ask(app, slot, patient).status_code == 201
    assert sorted(one["state"] for one in app.get("invitations").json()["results"]) == ["over", "used"]


def test_an_invited_person_books_without_ever_opening_the_link(slot, patient):
    invite_to(slot.programme, patient.person)

    assert ask(App(patient.user), slot, patient).status_code == 201


@pytest.mark.parametrize("call", ["appointments", "holds", "appointments/together", "holds/together"])
def test_whoever_is_not_invited_gets_nothing_by_any_call(slot, patient, call):
    invite_to(slot.programme, make_patient().person)
    wish = {"slot": slot.pk, "patient": str(patient.pk)}

    app = App(patient.user)
    refused = app.post(call, {"wishes": [wish]} if "together" in call else wish, key="key-00000001")

    assert (refused.status_code, refused.json()["code"], refused.json()["reason"]) == (
        409,
        "not_your_turn",
        "not_invited",
    )
    assert not Appointment.objects.exists()


def test_the_person_of_somebody_else_is_not_to_be_had_by_naming_their_row(slot, patient):
    invite_to(slot.programme, patient.person)

    assert ask(App(make_citizen()), slot, patient).status_code == 404


def test_the_call_after_the_deadline_is_refused_by_the_servers_clock(slot, patient, clock):
    invite_to(slot.programme, patient.person, expires_at=CLOCK + timedelta(hours=1))
    clock.move_to(CLOCK + timedelta(hours=1))

    refused = ask(App(patient.user), slot, patient)

    assert (refused.status_code, refused.json()["reason"]) == (409, "not_invited")
