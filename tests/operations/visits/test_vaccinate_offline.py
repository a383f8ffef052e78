"""A dose that was given without the network is recorded, whatever it contradicts, and a person looks at it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from booking.models import (
    Batch,
    DeskAct,
    RecordStatus,
    Status,
    StockMovement,
    VaccinationRecord,
    Visit,
    VisitStatus,
)
from tests.desk_factories import make_batch, make_slot_now, make_visit
from tests.factories import CLOCK, make_appointment, make_site

pytestmark = pytest.mark.django_db
LATER = CLOCK + timedelta(hours=2)


@pytest.fixture
def told(give):
    """Two hours later the device is back in the network."""

    def run(appointment, *args, **fields):
        return give(appointment, *args, **{"offline": True, "now": LATER, **fields})

    return run


def the_record():
    return VaccinationRecord.objects.get(status=RecordStatus.COMPLETED)


def test_what_fits_is_written_as_if_the_network_had_been_there(appointment, arrived, batch, ask, told):
    ask(appointment, offline=True)

    answer = told(appointment)

    arrived.refresh_from_db()
    assert answer.outcome == "done"
    assert (the_record().given_at, arrived.observe_until) == (CLOCK, CLOCK + timedelta(minutes=30))


def test_a_dose_before_the_questions_are_known_is_recorded_and_looked_at(appointment, arrived, batch, told):
    answer = told(appointment)

    arrived.refresh_from_db()
    assert (answer.outcome, answer.code, answer.facts["all"]) == ("conflict", "not_asked", ["not_asked"])
    assert (the_record().batch, the_record().lifted, arrived.status) == (batch, "", VisitStatus.IN_PROGRESS)


def test_what_a_doctor_lifted_offline_is_no_contradiction(appointment, arrived, batch, told):
    answer = told(appointment, post="doctor", lift=["not_asked"], lift_reason="医生当面同意")

    assert (answer.outcome, the_record().lifted) == ("done", "not_asked")


def test_a_dose_of_an_expired_batch_is_recorded_and_looked_at(site, appointment, arrived, ask, told):
    make_batch(site, appointment.programme.vaccine, expires_on=date(2026, 11, 1))
    ask(appointment)

    answer = told(appointment)

    assert (answer.outcome, answer.code) == ("conflict", "batch_expired")
    assert the_record().batch.number == "FLU2611"


def test_a_dose_of_somebody_whose_check_in_is_unknown_is_recorded_on_the_appointment(appointment, batch, told):
    answer = told(appointment)

    appointment.refresh_from_db()
    visit = Visit.objects.get()
    assert (answer.outcome, answer.code) == ("conflict", "not_checked_in")
    assert (appointment.status, visit.status, the_record().visit) == (Status.FULFILLED, VisitStatus.IN_PROGRESS, visit)


def test_a_dose_of_an_appointment_that_was_cancelled_meanwhile_brings_it_back(appointment, batch, told):
    appointment.status, appointment.place = Status.CANCELLED, None
    appointment.save()

    answer = told(appointment)

    appointment.refresh_from_db()
    assert (answer.outcome, answer.code) == ("conflict", "cancelled_meanwhile")
    assert appointment.status == Status.FULFILLED
    assert appointment.place is not None
    assert the_record().appointment == appointment


def test_a_dose_whose_person_has_booked_again_is_recorded_and_both_appointments_stay(site, appointment, batch, told):
    appointment.status, appointment.place = Status.CANCELLED, None
    appointment.save()
    again = make_appointment(make_slot_now(site, minutes=20, programme=appointment.programme))
    again.person = appointment.person
    again.save(update_fields=["person"])

    answer = told(appointment)

    appointment.refresh_from_db()
    assert answer.facts["all"] == ["cancelled_meanwhile", "not_asked", "stays_cancelled"]
    assert (appointment.status, the_record().appointment) == (Status.CANCELLED, appointment)
    assert StockMovement.objects.filter(kind="USED").count() == 1


def test_a_no_show_who_has_booked_again_gets_a_visit_and_the_dose_is_looked_at(site, appointment, batch, told):
    appointment.status = Status.NO_SHOW
    appointment.save(update_fields=["status"])
    again = make_appointment(make_slot_now(site, minutes=20, programme=appointment.programme))
    again.person = appointment.person
    again.save(update_fields=["person"])

    answer = told(appointment)

    appointment.refresh_from_db()
    assert answer.facts["all"] == ["not_checked_in", "not_asked", "already_booked"]
    assert (appointment.status, the_record().visit) == (Status.NO_SHOW, Visit.objects.get())


def test_what_else_the_ledger_refuses_is_no_second_appointment_and_is_sent_again(appointment, batch, told):
    # Which cannot be: a no-show keeps its number.
    appointment.status, appointment.place = Status.NO_SHOW, None
    appointment.save(update_fields=["status", "place"])

    with pytest.raises(IntegrityError, match="live_appointments_have_a_place"):
        told(appointment)

    assert not Visit.objects.exists()


def test_a_dose_that_another_device_has_deferred_is_recorded(appointment, arrived, batch, ask, told):
    ask(appointment, "defer")

    answer = told(appointment)

    appointment.refresh_from_db()
    arrived.refresh_from_db()
    assert (answer.outcome, answer.code) == ("conflict", "not_done")
    assert (appointment.status, arrived.status, arrived.left_at) == (Status.FULFILLED, VisitStatus.IN_PROGRESS, None)
    assert sorted(VaccinationRecord.objects.values_list("status", flat=True)) == ["COMPLETED", "ENTERED_IN_ERROR"]


def test_whoever_was_seen_to_leave_after_the_dose_has_left(appointment, arrived, batch, ask, tell, told):
    ask(appointment)
    leaving = tell("LEAVE", appointment, offline=True, at=CLOCK + timedelta(minutes=31))
    assert (leaving.outcome, leaving.code) == ("conflict", "no_dose")

    answer = told(appointment)

    arrived.refresh_from_db()
    assert (answer.outcome, arrived.status) == ("done", VisitStatus.FINISHED)
    assert arrived.left_at == CLOCK + timedelta(minutes=31)


def test_a_dose_of_another_sites_appointment_keeps_what_was_said_in_the_act(batch, told):
    elsewhere = make_appointment(make_slot_now(make_site()))

    answer = told(elsewhere)

    act = DeskAct.objects.get()
    assert (answer.outcome, answer.code, act.appointment) == ("conflict", "no_visit", elsewhere)
    assert (act.facts["batch"], act.facts["body_site"]) == ("FLU2611", "left_arm")
    assert not VaccinationRecord.objects.exists()


def test_a_dose_of_an_appointment_that_nobody_knows_keeps_what_was_said_in_the_act(appointment, batch, told):
    answer = told(appointment, reference="000000000000")

    assert (answer.outcome, answer.code) == ("conflict", "no_visit")
    assert DeskAct.objects.get().facts["reference"] == "000000000000"


def test_a_batch_that_only_the_vial_has_told_of_is_made_without_stock(site, appointment, arrived, ask, told):
    ask(appointment)

    answer = told(appointment, "NEW77", more={"expires_on": "2027-03-31", "pack_code": "0697"})

    batch = Batch.objects.get()
    assert (answer.outcome, answer.code) == ("conflict", "unknown_batch")
    assert (batch.site, batch.vaccine, batch.number) == (site, appointment.programme.vaccine, "NEW77")
    assert (batch.expires_on, batch.pack_code) == (date(2027, 3, 31), "0697")
    assert the_record().batch == batch
    assert [row.doses for row in batch.movements.all()] == [-1]


def test_a_batch_that_nobody_knows_anything_of_is_kept_in_the_act(appointment, arrived, batch, ask, told):
    ask(appointment)

    answer = told(appointment, "NEW77")

    appointment.refresh_from_db()
    assert (answer.outcome, answer.code, answer.facts["batch"]) == ("conflict", "unknown_batch", "NEW77")
    assert appointment.status == Status.CHECKED_IN
    assert not VaccinationRecord.objects.exists()


def test_a_dose_without_a_body_site_is_recorded_and_looked_at(appointment, arrived, batch, ask, told):
    ask(appointment)

    answer = told(appointment, more={"body_site": "left_ear"})

    assert (answer.outcome, answer.code, the_record().body_site) == ("conflict", "incomplete", "")


def test_a_dose_of_a_no_show_is_recorded_and_the_appointment_fulfilled(appointment, batch, told):
    appointment.status = Status.NO_SHOW
    appointment.save()

    told(appointment)

    appointment.refresh_from_db()
    assert appointment.status == Status.FULFILLED


def test_a_dose_of_a_no_show_who_came_again_elsewhere_leaves_that_appointment_alone(site, appointment, batch, told):
    appointment.status = Status.NO_SHOW
    appointment.save()
    other = make_appointment(make_slot_now(make_site(), programme=appointment.programme))
    other.person = appointment.person
    other.save(update_fields=["person"])
    make_visit(other)

    answer = told(appointment)

    appointment.refresh_from_db()
    assert answer.facts["all"] == ["not_checked_in", "not_asked", "already_booked"]
    assert (appointment.status, the_record().appointment) == (Status.NO_SHOW, appointment)
