"""A dose is recorded once, with all that the law asks for, and nothing that bars it is passed over in silence."""

from datetime import date, timedelta

import pytest

from accounts.models import AuditEntry
from booking.models import (
    AppointmentEvent,
    DeskAct,
    Status,
    StockMovement,
    VaccinationRecord,
    VisitStatus,
)
from tests.desk_factories import make_batch, make_visit
from tests.factories import CLOCK, make_appointment, make_programme, make_slot, make_two_dose_programme

pytestmark = pytest.mark.django_db
REASON = "医生当面同意"


def the_record():
    return VaccinationRecord.objects.get(status="COMPLETED")


def test_a_dose_is_recorded_taken_from_its_batch_and_observed(appointment, arrived, batch, ask, give, posts):
    ask(appointment)

    answer = give(appointment, at=CLOCK + timedelta(minutes=3))

    at, nurse = CLOCK + timedelta(minutes=3), posts["vaccination"]
    arrived.refresh_from_db()
    appointment.refresh_from_db()
    record = the_record()
    assert answer.outcome == "done"
    assert (record.batch, record.vaccine, record.dose) == (batch, appointment.programme.vaccine, 1)
    assert (record.body_site, record.route, record.given_at, record.given_by) == (
        "left_arm",
        "intramuscular",
        at,
        nurse,
    )
    assert (record.person, record.lifted) == (appointment.person, "")
    assert (arrived.status, arrived.vaccinated_at) == (VisitStatus.IN_PROGRESS, at)
    assert arrived.observe_until == at + timedelta(minutes=30)
    assert appointment.status == Status.FULFILLED
    event = AppointmentEvent.objects.get(kind="FULFILLED")
    assert (event.at, event.by, event.facts) == (at, nurse, {"record": str(record.pk)})
    used = StockMovement.objects.get(kind="USED")
    assert (used.batch, used.doses, used.record, used.by) == (batch, -1, record, nurse)
    assert not AuditEntry.objects.exists()


BARRED = {
    "batch_expired": {"expires_on": date(2026, 11, 23)},
    "batch_finished": {"finished_at": CLOCK},
    "batch_empty": {"left": 0},
}


@pytest.mark.parametrize("bar", BARRED)
def test_a_batch_that_may_not_be_given_is_refused_and_a_doctor_may_lift_that(
    site, appointment, arrived, ask, give, bar, posts
):
    make_batch(site, appointment.programme.vaccine, **BARRED[bar])
    ask(appointment)

    refused = give(appointment, post="doctor")
    assert (refused.outcome, refused.code, refused.facts) == ("refused", "dose_barred", {"bars": [bar]})
    assert not VaccinationRecord.objects.exists()

    lifted = give(appointment, post="doctor", lift=[bar], lift_reason=REASON)

    record, entry = the_record(), AuditEntry.objects.get()
    assert lifted.outcome == "done"
    assert (record.lifted, record.lifted_reason) == (bar, REASON)
    assert (entry.action, entry.by, entry.label) == ("lift_bar", posts["doctor"], appointment.reference)
    assert (entry.after, entry.reason) == ({"bars": [bar], "batch": "FLU2611"}, REASON)
    assert entry.district_code == site.district_id


def test_a_batch_of_another_vaccine_is_refused(site, appointment, arrived, ask, give):
    other = make_batch(site, make_programme().vaccine)
    ask(appointment)

    assert give(appointment).facts == {"bars": ["wrong_vaccine"]}
    give(appointment, post="doctor", lift=["wrong_vaccine"], lift_reason=REASON)

    assert (the_record().vaccine, the_record().lifted) == (other.vaccine, "wrong_vaccine")


def test_of_two_batches_with_one_number_the_right_vaccine_is_taken(site, appointment, arrived, batch, ask, give):
    make_batch(site, make_programme().vaccine, number=batch.number)
    ask(appointment)

    assert give(appointment).outcome == "done"
    assert the_record().batch == batch


def test_nobody_is_vaccinated_before_the_questions_except_in_an_emergency(appointment, arrived, batch, give):
    assert give(appointment).facts == {"bars": ["not_asked"]}

    give(appointment, post="doctor", lift=["not_asked"], lift_reason="被狗咬伤，先接种")

    assert the_record().lifted == "not_asked"


def test_only_a_doctor_lifts_a_bar_and_only_with_a_reason(appointment, arrived, batch, give):
    assert give(appointment, lift=["not_asked"], lift_reason=REASON).facts == {"bars": ["not_asked"]}
    assert give(appointment, post="doctor", lift=["not_asked"], lift_reason="急").facts == {"bars": ["not_asked"]}
    assert not VaccinationRecord.objects.exists()


def test_a_second_dose_keeps_the_interval_to_the_first_wherever_that_was_given(site, batch, ask, give):
    programme = make_two_dose_programme(28)
    make_batch(site, programme.vaccine, number="HPV1")
    elsewhere = make_slot(None, programme, starts_at=CLOCK - timedelta(days=27))
    first = make_appointment(elsewhere, status=Status.FULFILLED)
    second = make_appointment(make_slot(site, programme, starts_at=CLOCK))
    second.person, second.dose = first.person, 2
    second.save(update_fields=["person", "dose"])
    make_visit(second)
    ask(second)

    assert give(second, "HPV1").facts == {"bars": ["too_early"]}
    assert give(second, "HPV1", post="doctor", lift=["too_early"], lift_reason=REASON).outcome == "done"


def test_a_record_knows_the_day_of_a_dose_better_than_its_appointment(site, ask, give):
    programme = make_two_dose_programme(28)
    batch = make_batch(site, programme.vaccine, number="HPV1")
    first = make_appointment(make_slot(site, programme, starts_at=CLOCK - timedelta(days=28)))
    visit = make_visit(first, status=VisitStatus.FINISHED)
    VaccinationRecord.objects.create(
        visit=visit,
        appointment=first,
        person=first.person,
        vaccine=programme.vaccine,
        dose=1,
        batch=batch,
        given_at=CLOCK - timedelta(days=26),
        given_by=first.booked_by,
    )
    second = make_appointment(make_slot(site, programme, starts_at=CLOCK))
    second.person, second.dose = first.person, 2
    second.save(update_fields=["person", "dose"])
    make_visit(second)
    ask(second)

    assert give(second, "HPV1").facts == {"bars": ["too_early"]}


@pytest.mark.parametrize("status", [Status.NO_SHOW, Status.CANCELLED])
def test_a_second_dose_waits_for_the_first_unless_a_doctor_knows_of_one_given_elsewhere(site, ask, give, status):
    programme = make_two_dose_programme(28)
    make_batch(site, programme.vaccine, number="HPV1")
    first = make_appointment(make_slot(site, programme, starts_at=CLOCK - timedelta(days=30)), status=status)
    second = make_appointment(make_slot(site, programme, starts_at=CLOCK))
    second.person, second.dose = first.person, 2
    second.save(update_fields=["person", "dose"])
    make_visit(second)
    ask(second)

    assert give(second, "HPV1").facts == {"bars": ["dose_before_missing"]}
    lifted = give(second, "HPV1", post="doctor", lift=["dose_before_missing"], lift_reason="外地接种本上有第一剂")

    assert (lifted.outcome, the_record().lifted) == ("done", "dose_before_missing")


@pytest.mark.parametrize("missing", ["batch", "body_site", "route"])
def test_a_dose_without_what_the_law_asks_for_is_refused(appointment, arrived, batch, ask, give, missing):
    ask(appointment)

    answer = give(appointment, more={missing: ""})

    assert (answer.outcome, answer.code, answer.facts) == ("refused", "incomplete", {"field": missing})


def test_a_batch_that_nobody_knows_is_refused_also_to_a_doctor(appointment, arrived, batch, ask, give):
    ask(appointment)

    answer = give(appointment, "FLU9999", post="doctor", lift=["unknown_batch"], lift_reason=REASON)

    assert answer.facts == {"bars": ["unknown_batch"]}


def test_somebody_who_has_not_checked_in_gets_no_dose(appointment, batch, give):
    assert (give(appointment).outcome, give(appointment).code) == ("refused", "wrong_status")


def test_the_same_dose_told_by_another_device_is_looked_at_and_counted_once(appointment, vaccinated, give):
    again = give(appointment, at=CLOCK + timedelta(minutes=1))

    assert (again.outcome, again.code) == ("conflict", "already_given")
    assert again.facts["batch"] == "FLU2611"
    assert VaccinationRecord.objects.count() == StockMovement.objects.filter(kind="USED").count() == 1
    assert DeskAct.objects.get(outcome="CONFLICT").appointment == appointment
