"""A dose that was given elsewhere counts from the moment it is entered, until it is voided."""

from datetime import date, timedelta

import pytest

from accounts.models import AuditEntry
from booking.models import AppointmentEvent, OutsideDose
from booking.operations.book import book
from booking.operations.outside_doses.enter import Said, enter_outside_dose
from booking.operations.outside_doses.refusals import DoseBooked, DoseKnown, DoseUnclear
from booking.operations.outside_doses.void import take_back_outside_dose, void_outside_dose
from booking.operations.refusals import NotEligible, NotFound, TooLate
from booking.operations.visits.refusals import ReasonMissing
from booking.queries.bookables import bookables
from booking.queries.patients import due, patients_with_doses
from booking.queries.programmes import active_programmes
from tests.factories import make_citizen, make_patient, make_slot, make_two_dose_programme
from tests.series_factories import make_first_dose, make_outside_dose, make_record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def programme():
    return make_two_dose_programme(28)


@pytest.fixture
def doctor():
    return make_citizen()


def enter(patient, programme, by, now, **said):
    defaults = {
        "programme": programme.code, "dose": 1, "given_on": date(2026, 10, 1), "where": "武汉",
        "evidence": "预防接种证",
    }  # fmt: skip
    said = Said(**{**defaults, **said})
    return enter_outside_dose(person=patient.person, born_on=patient.birth_date, said=said, by=by, now=now)


def booked(patient, slot, now):
    return book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="request-1", now=now
    )  # fmt: skip


def test_after_a_first_dose_elsewhere_the_second_is_booked_here(programme, doctor, now):
    patient, slot = make_patient(), make_slot(programme=programme)

    enter(patient, programme, doctor, now)

    assert booked(patient, slot, now).dose == 2


def test_the_interval_counts_from_the_day_it_was_given(programme, doctor, now):
    patient, slot = make_patient(), make_slot(programme=programme)
    enter(patient, programme, doctor, now, given_on=date(2026, 11, 20))

    with pytest.raises(NotEligible) as refused:
        booked(patient, slot, now)
    assert refused.value.facts == {"reason": "too_early", "from_date": date(2026, 12, 18)}


def test_it_counts_in_every_account_and_in_what_is_due(programme, doctor, now):
    patient = make_patient()
    other = make_patient(person=patient.person)
    enter(patient, programme, doctor, now, given_on=date(2026, 11, 20))

    (known,) = patients_with_doses(other.user_id)
    what = due(known, active_programmes()[0], today=now.date(), last=now.date() + timedelta(days=60))

    assert (what.dose, what.from_date) == (2, date(2026, 12, 18))
    assert known.doses[0].site_code == ""


def test_both_doses_elsewhere_complete_the_series(programme, doctor, now):
    patient, slot = make_patient(), make_slot(programme=programme)
    enter(patient, programme, doctor, now, given_on=date(2026, 9, 1))
    enter(patient, programme, doctor, now, dose=2)

    with pytest.raises(NotEligible) as refused:
        booked(patient, slot, now)
    assert refused.value.facts["reason"] == "series_complete"


def test_a_dose_was_given_on_the_day_of_its_record_not_of_its_slot(programme, now):
    patient = make_first_dose(programme, days_ago=40)
    row = patient.appointments.get()
    make_record(row, now - timedelta(days=30))
    slot = make_slot(programme=programme)

    (found,) = bookables([(patient.pk, patient.user_id, slot.pk)])
    (known,) = patients_with_doses(patient.user_id)

    assert found.person.last_dose_on == (now - timedelta(days=30)).date()
    assert known.doses[0].starts_at == now - timedelta(days=30)


def test_a_dose_that_is_known_is_not_entered_again(programme, doctor, now):
    here, elsewhere = make_first_dose(programme), make_patient()
    enter(elsewhere, programme, doctor, now)

    for patient in (here, elsewhere):
        with pytest.raises(DoseKnown):
            enter(patient, programme, doctor, now, given_on=date(2026, 10, 2))


def test_a_dose_that_is_booked_here_is_not_entered_before_it_is_cancelled(programme, doctor, now):
    patient, slot = make_patient(), make_slot(programme=programme)
    booked(patient, slot, now)

    with pytest.raises(DoseBooked):
        enter(patient, programme, doctor, now)


def test_what_cannot_be_right_is_refused_with_its_field(programme, doctor, now):
    with pytest.raises(DoseUnclear) as refused:
        enter(make_patient(), programme, doctor, now, given_on=date(2027, 1, 1), where=" ")

    assert refused.value.facts["errors"] == [("where", "blank"), ("given_on", "in_the_future")]
    with pytest.raises(NotFound):
        enter(make_patient(), make_two_dose_programme(code="other"), doctor, now, vaccine="nothing")


def test_it_leaves_a_trace_without_the_person(programme, doctor, now):
    patient = make_patient()
    row = enter(patient, programme, doctor, now)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by, entry.what) == ("enter", doctor, f"booking.outsidedose {row.pk}")
    assert str(patient.person) not in str(entry.after)


def test_the_desks_hear_of_it_where_the_person_is_expected(programme, doctor, now):
    patient, slot = make_patient(), make_slot(programme=programme)
    enter(patient, programme, doctor, now)
    reference = booked(patient, slot, now).reference

    void_outside_dose(
        outside_dose_id=OutsideDose.objects.get().pk, reason="看错了名字", by=doctor, now=now + timedelta(hours=1)
    )

    events = AppointmentEvent.objects.filter(appointment__reference=reference).order_by("pk")
    assert events.last().facts == {"what": "outside_dose", "dose": 1}


def test_for_a_minute_it_can_be_taken_back_by_who_entered_it(programme, doctor, now):
    row = enter(make_patient(), programme, doctor, now)

    with pytest.raises(NotFound):
        take_back_outside_dose(outside_dose_id=row.pk, by=make_citizen(), now=now)
    with pytest.raises(TooLate):
        take_back_outside_dose(outside_dose_id=row.pk, by=doctor, now=now + timedelta(seconds=61))
    take_back_outside_dose(outside_dose_id=row.pk, by=doctor, now=now + timedelta(seconds=59))
    take_back_outside_dose(outside_dose_id=row.pk, by=doctor, now=now + timedelta(seconds=59))

    row.refresh_from_db()
    assert row.voided_at == now + timedelta(seconds=59)


def test_voided_it_counts_no_more_and_can_be_entered_anew(programme, doctor, now):
    patient, slot = make_patient(), make_slot(programme=programme)
    row = enter(patient, programme, doctor, now)

    with pytest.raises(ReasonMissing):
        void_outside_dose(outside_dose_id=row.pk, reason=" 错 ", by=doctor, now=now)
    assert void_outside_dose(outside_dose_id=row.pk, reason="看错了名字", by=doctor, now=now) == []
    with pytest.raises(NotFound):
        void_outside_dose(outside_dose_id=row.pk, reason="看错了名字", by=doctor, now=now)

    assert booked(patient, slot, now).dose == 1
    assert AuditEntry.objects.get(action="void").reason == "看错了名字"


def test_whoever_voids_is_told_of_the_later_dose_that_stays_booked(programme, doctor, now):
    patient, slot = make_patient(), make_slot(programme=programme)
    row = make_outside_dose(patient, programme, given_on=date(2026, 10, 1))
    reference = booked(patient, slot, now).reference

    later = void_outside_dose(outside_dose_id=row.pk, reason="看错了名字", by=doctor, now=now)

    assert [(one.reference, one.dose, one.status) for one in later] == [(reference, 2, "BOOKED")]
