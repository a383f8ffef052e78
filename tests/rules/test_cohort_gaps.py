"""Who is in no cohort, who is in several, and when it is nobody's turn."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.rules.cohort_gaps import DIGITS, LeftOut, left_out, shared, stretches
from booking.rules.release_modes import CohortRule, open_until
from booking.rules.release_setting import NamedCohort, ReleaseSetting, by_digits, setting_of
from tests.conftest import CITY

DAY = timedelta(days=1)
START = datetime(2026, 12, 1, 8, tzinfo=CITY)
OLD, YOUNG = date(1920, 1, 1), date(2020, 1, 1)


def cohort(digits="", *, born_from=None, born_until=None, opens=0.0, closes: float | None = None) -> CohortRule:
    closes_at = START + closes * DAY if closes is not None else None
    return CohortRule(frozenset(digits), born_from, born_until, START + opens * DAY, closes_at)


def test_five_days_of_two_digits_leave_nobody_out_and_follow_each_other():
    cohorts = by_digits(date(2026, 12, 1), CITY)

    found = stretches(cohorts, first=START, last=START + 5 * DAY)

    assert [one.cohorts for one in found] == [(0,), (1,), (2,), (3,), (4,)]
    assert left_out(cohorts, born_from=OLD, born_until=YOUNG) == []
    assert shared(cohorts) == []


def test_times_when_nobody_may_book_are_stretches_without_a_cohort():
    cohorts = [cohort(opens=1, closes=2), cohort(opens=3, closes=4)]

    found = stretches(cohorts, first=START, last=START + 5 * DAY)

    assert [(one.starts_at - START) / DAY for one in found if not one.cohorts] == [0, 2, 4]


def test_digits_that_nobody_covers_are_named():
    [found] = left_out([cohort("12"), cohort("345")], born_from=OLD, born_until=YOUNG)

    assert found == LeftOut("06789", None, None)


def test_birthdays_that_nobody_covers_are_named_from_when_until_when():
    cohorts = [cohort(born_until=date(1959, 12, 31)), cohort("1", born_from=date(1980, 1, 1))]

    found = left_out(cohorts, born_from=OLD, born_until=YOUNG)

    assert found == [
        LeftOut(DIGITS, date(1960, 1, 1), date(1979, 12, 31)),
        LeftOut("023456789", date(1980, 1, 1), None),
    ]


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        (cohort("12"), cohort("23"), True),
        (cohort("12"), cohort("34"), False),
        (cohort("12"), cohort(), True),
        (cohort(born_until=date(1959, 12, 31)), cohort(born_from=date(1960, 1, 1)), False),
        (cohort(born_until=date(1960, 1, 1)), cohort(born_from=date(1960, 1, 1)), True),
        (cohort("1", born_until=date(1960, 1, 1)), cohort("2", born_from=date(1950, 1, 1)), False),
    ],
)
def test_cohorts_that_have_people_in_common_are_found(one, other, common):
    assert shared([one, other]) == ([(0, 1)] if common else [])


def test_the_end_is_that_of_the_last_open_cohort_and_none_where_one_stays_open():
    day, now = date(1990, 1, 1), START + DAY / 2
    first, second, endless = cohort("1", closes=1), cohort("1", closes=2), cohort("1")

    assert open_until([first, second], digit="1", born=day, now=now) == second.closes_at
    assert open_until([first, endless], digit="1", born=day, now=now) is None


_days = st.dates(OLD, YOUNG)
_some = st.builds(
    lambda digits, days, limits: cohort(
        digits,
        born_from=min(days) if limits[0] else None,
        born_until=max(days) if limits[1] else None,
    ),
    st.text(DIGITS, max_size=6),
    st.tuples(_days, _days),
    st.tuples(st.booleans(), st.booleans()),
)


@given(st.lists(_some, max_size=5), _days, st.sampled_from(DIGITS))
def test_whoever_is_in_no_cohort_is_left_out_and_nobody_else(cohorts, born, digit):
    found = left_out(cohorts, born_from=OLD, born_until=YOUNG)

    named = any(digit in one.digits and (one.born_from or OLD) <= born <= (one.born_until or YOUNG) for one in found)
    assert named == (not any(one.has(digit, born) for one in cohorts))


@given(st.lists(_some, max_size=5))
def test_a_setting_is_read_back_as_it_was_written(cohorts):
    setting = ReleaseSetting("cohort", tuple(NamedCohort("名", "name", one) for one in cohorts))

    assert setting_of(setting.facts(), CITY) == setting
    assert setting_of(setting.facts(), CITY).digest() == setting.digest()
