"""Who is due for a dose: the interval is over by that day, and nothing is booked."""

from datetime import date, timedelta

import pytest

from accounts.models import Patient
from booking.models import Appointment, OutsideDose, Status
from booking.queries.due_people import due_people
from tests.factories import (
    CLOCK,
    make_administrator,
    make_appointment,
    make_citizen,
    make_district,
    make_patient,
    make_slot,
    make_two_dose_programme,
)

pytestmark = pytest.mark.django_db
TODAY = CLOCK.date()


@pytest.fixture
def programme():
    return make_two_dose_programme(28)


def had(programme, days_ago, *, dose=1, **patient):
    """Somebody who had the dose so many days ago."""
    row = make_appointment(make_slot(programme=programme, starts_at=CLOCK - timedelta(days=days_ago)))
    Appointment.objects.filter(pk=row.pk).update(dose=dose, status=Status.FULFILLED)
    Patient.objects.filter(pk=row.patient_id).update(**patient)
    return row.patient


def test_the_dose_is_due_once_the_interval_is_over_and_the_longest_due_come_first(programme):
    long, just, _early = had(programme, 90), had(programme, 28), had(programme, 27)

    found = due_people(programme, by=TODAY, today=TODAY)

    assert [(one.person, one.dose, one.due_on) for one in found] == [
        (long.person, 2, TODAY - timedelta(days=62)),
        (just.person, 2, TODAY),
    ]
    assert (found[0].account_id, found[0].patient_id, found[0].can_be_told) == (long.user_id, long.pk, True)
    assert len(due_people(programme, by=TODAY + timedelta(days=1), today=TODAY)) == 3


def test_whoever_is_booked_complete_or_never_began_is_not_due(programme):
    booked, complete = had(programme, 60), had(programme, 90)
    second = make_appointment(make_slot(programme=programme, starts_at=CLOCK - timedelta(days=40)))
    Appointment.objects.filter(pk=second.pk).update(dose=2, status=Status.FULFILLED, person=complete.person)
    ahead = make_appointment(make_slot(programme=programme))
    Appointment.objects.filter(pk=ahead.pk).update(dose=2, person=booked.person)
    make_patient()

    assert due_people(programme, by=TODAY, today=TODAY) == []


def test_a_cancelled_second_dose_leaves_somebody_due(programme):
    who = had(programme, 60)
    given_up = make_appointment(make_slot(programme=programme), place=None, status=Status.CANCELLED)
    Appointment.objects.filter(pk=given_up.pk).update(dose=2, person=who.person)

    assert [one.person for one in due_people(programme, by=TODAY, today=TODAY)] == [who.person]


def test_a_dose_from_elsewhere_counts_and_one_that_was_voided_does_not(programme):
    outside = {
        "programme": programme,
        "vaccine": programme.vaccine,
        "dose": 1,
        "given_on": TODAY - timedelta(days=30),
        "where": "株洲",
        "evidence": "接种本",
        "entered_by": make_administrator(),
        "entered_at": CLOCK,
    }
    due, voided = make_patient(), make_patient()
    OutsideDose.objects.create(person=due.person, **outside)
    OutsideDose.objects.create(person=voided.person, voided_at=CLOCK, voided_reason="看错了", **outside)

    assert [one.person for one in due_people(programme, by=TODAY, today=TODAY)] == [due.person]


def test_only_those_of_the_district_and_of_these_ages(programme):
    own = had(programme, 60, district_code="430102", birth_date=date(1960, 11, 24))
    had(programme, 60, district_code="430104", birth_date=date(1960, 11, 24))
    had(programme, 60, district_code="430102", birth_date=date(1960, 11, 25))
    asked = {"by": TODAY, "today": TODAY}

    assert [one.person for one in due_people(programme, district="430102", min_age=66, **asked)] == [own.person]
    assert len(due_people(programme, max_age=65, **asked)) == 1
    programme.districts.add(make_district("430104"))
    assert [one.person for one in due_people(programme, district="430102", **asked)] == []


def test_people_whom_the_programme_is_not_for_are_not_due(programme):
    had(programme, 60, sex="M")
    had(programme, 60, sex="F", birth_date=date(1950, 1, 1))
    programme.sex, programme.max_age = "F", 45
    who = had(programme, 60, sex="F")

    assert [one.person for one in due_people(programme, by=TODAY, today=TODAY)] == [who.person]


def test_somebody_in_several_accounts_is_due_once_by_their_own(programme):
    who = had(programme, 60, relation="parent")
    own = make_patient(person=who.person, relation="self")
    make_patient(make_citizen(is_active=False), person=who.person, relation="self")

    assert [one.patient_id for one in due_people(programme, by=TODAY, today=TODAY)] == [own.pk]
