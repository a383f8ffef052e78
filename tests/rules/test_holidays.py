"""Public holidays, as the state announced them."""

from datetime import date

import pytest

from booking.rules.holidays import SpecialDay, is_announced, special_day


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 1), SpecialDay("National Day", False)),
        (date(2026, 10, 7), SpecialDay("National Day", False)),
        (date(2026, 10, 10), SpecialDay("National Day", True)),
        (date(2026, 10, 8), None),
        (date(2026, 10, 11), None),
        (date(2099, 10, 1), None),
    ],
)
def test_a_day_is_a_holiday_a_make_up_workday_or_nothing(day: date, expected: SpecialDay | None) -> None:
    assert special_day(day) == expected


def test_years_are_known_once_they_are_announced() -> None:
    assert (is_announced(2026), is_announced(2099), is_announced(1999)) == (True, False, False)
