"""Public holidays and the working days that make up for them."""

from datetime import date

from booking.rules.holidays import is_announced, special_days


def test_a_holiday_and_its_working_day_are_known_by_name() -> None:
    found = special_days(date(2026, 9, 19), date(2026, 9, 26))[2026]

    assert found is not None
    assert [(one.day.isoformat(), one.name, one.is_holiday) for one in found] == [
        ("2026-09-20", "National Day", False),
        ("2026-09-25", "Mid-autumn Festival", True),
        ("2026-09-26", "Mid-autumn Festival", True),
    ]


def test_an_ordinary_week_has_none() -> None:
    assert special_days(date(2026, 11, 23), date(2026, 11, 29)) == {2026: []}


def test_a_year_that_was_not_announced_is_unknown_and_its_neighbour_is_not() -> None:
    found = special_days(date(2025, 12, 30), date(2026, 1, 4))
    later = special_days(date(2026, 12, 31), date(2099, 1, 1))

    assert [len(days or []) for days in found.values()] == [0, 4]
    assert later[2026] == []
    assert later[2099] is None


def test_years_are_known_once_they_are_announced() -> None:
    assert (is_announced(2026), is_announced(2099), is_announced(1999)) == (True, False, False)
