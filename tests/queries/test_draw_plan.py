"""How many people may enter a draw, as far as the ledger knows: each person once, and only those it is for."""

from datetime import date, timedelta

import pytest

from booking.models import Status
from booking.queries.draw_plan import people_who_may_enter
from tests.factories import CLOCK, make_appointment, make_district, make_patient, make_programme, make_slot

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)


def may(**programme) -> int:
    return people_who_may_enter(make_programme(**programme), on=DAY)


@pytest.mark.parametrize(
    ("born", "expected"),
    [(date(2017, 12, 1), 1), (date(2017, 12, 2), 0), (date(1980, 12, 2), 1), (date(1980, 12, 1), 0)],
)
def test_ages_count_on_the_first_day_with_both_ends(born, expected):
    make_patient(birth_date=born)

    assert may(min_age=9, max_age=45) == expected


def test_somebody_whom_two_accounts_know_is_one_person():
    first = make_patient()
    make_patient(person=first.person)

    assert may() == 1


def test_removed_people_and_people_of_another_sex_or_district_are_left_out():
    make_patient(removed_at=CLOCK)
    make_patient(sex="M", district_code="430102")
    make_patient(sex="F", district_code="430104")
    programme = make_programme(sex="F")
    assert people_who_may_enter(programme, on=DAY) == 1

    programme.districts.add(make_district("430102"))

    assert people_who_may_enter(programme, on=DAY) == 0


def test_whoever_has_an_appointment_or_every_dose_needs_none_and_whoever_has_had_one_of_two_does():
    programme = make_programme(doses=2, intervals=[28])
    slot = make_slot(programme=programme, quota=9, starts_at=CLOCK - timedelta(days=40))
    booked = make_appointment(slot, place=1)
    assert people_who_may_enter(programme, on=DAY) == 0

    booked.status = Status.FULFILLED
    booked.save()
    assert people_who_may_enter(programme, on=DAY) == 1

    booked.dose = 2
    booked.save()
    assert people_who_may_enter(programme, on=DAY) == 0


def test_a_leap_day_has_a_day_in_other_years():
    make_patient(birth_date=date(2010, 2, 28))

    assert people_who_may_enter(make_programme(min_age=18), on=date(2028, 2, 29)) == 1
