"""The city app shows what the city moved, and answers for the citizen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Appointment, Relocation, WithAppointments
from booking.operations.book import book
from booking.operations.quotas.set_quota import close_slot
from booking.operations.relocations.move_people import move_people
from tests.api.test_booking_call import App
from tests.factories import make_administrator, make_patient, make_programme, make_site, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient():
    return make_patient()


@pytest.fixture
def app(patient):
    return App(patient.user)


@pytest.fixture
def slots():
    """The old one, and another one a kilometre away at the same time."""
    programme, starts_at = make_programme(), timezone.now() + timedelta(days=3)
    old = make_slot(programme=programme, starts_at=starts_at)
    return old, make_slot(make_site(latitude=28.2 + 1_000 / 111_195), programme, starts_at=starts_at)


@pytest.fixture
def reference(patient, slots):
    now, by = timezone.now(), make_administrator().pk
    booked = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slots[0].pk, request_key="key-0001", now=now
    )
    close_slot(slot_id=slots[0].pk, by=by, now=now)
    move_people(
        appointment_ids=[Appointment.objects.get().pk],
        choice=WithAppointments.MOVE,
        change_id=None,
        reason="停电",
        by=by,
        now=now,
    )
    return booked.reference


def answer(app, reference, what, key=None):
    return app.post(f"appointments/{reference}/relocation", {"answer": what}, key=key)


def test_an_appointment_says_where_it_was_before_and_how_far_that_is(app, reference, slots):
    shown = app.get(f"appointments/{reference}").json()

    assert shown["slot"]["id"] == slots[1].pk
    old = shown["relocation"]["from"]
    assert (old["site"], old["site_name"]) == (slots[0].site.code, slots[0].site.name)
    assert old["starts_at"] == timezone.localtime(slots[0].starts_at).isoformat()
    relocation = shown["relocation"]
    assert (relocation["state"], relocation["distance"], relocation["reason"]) == ("pending", 1_000, "停电")
    assert app.get("appointments").json()["results"] == [shown]


def test_one_that_never_moved_has_none(app, patient, slots):
    booked = app.post("appointments", {"slot": slots[0].pk, "patient": str(patient.pk)}, key="key-00000001")

    assert booked.json()["relocation"] is None
    assert answer(app, booked.json()["reference"], "accept").status_code == 404


def test_accepting_twice_is_one_answer_with_or_without_a_key(app, reference):
    answers = [answer(app, reference, "accept", key) for key in ("key-00000001", "key-00000001", None)]

    assert [found.status_code for found in answers] == [200, 200, 200]
    assert {found.json()["relocation"]["state"] for found in answers} == {"accepted"}
    assert answers[0].json() == app.get(f"appointments/{reference}").json()


def test_declining_cancels_with_an_undo_and_restoring_asks_again(app, reference):
    declined = [answer(app, reference, "decline").json() for _ in range(2)]

    assert declined[0] == declined[1]
    assert (declined[0]["status"], declined[0]["relocation"]["state"]) == ("cancelled", "declined")
    assert "restorable_until" in declined[0]
    assert app.post(f"appointments/{reference}/restore").json()["relocation"]["state"] == "pending"


def test_another_time_is_a_move_that_costs_nothing(app, reference, slots):
    later = make_slot(slots[1].site, slots[1].programme, starts_at=slots[1].starts_at + timedelta(days=1))

    moved = app.post(f"appointments/{reference}/move", {"slot": later.pk}).json()

    assert (moved["slot"]["id"], moved["changes_left"]) == (later.pk, 2)
    assert moved["relocation"]["state"] == "chose_another"


def test_an_answer_that_comes_too_late_is_refused_by_name(app, reference):
    answer(app, reference, "accept")

    refused = answer(app, reference, "decline")

    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_status")


def test_an_unknown_answer_and_somebody_elses_appointment(app, reference):
    assert answer(app, reference, "maybe").status_code == 400
    assert answer(App(make_patient().user), reference, "accept").status_code == 404
    assert Relocation.objects.get().state == "PENDING"
