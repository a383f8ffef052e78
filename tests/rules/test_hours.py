"""A site's hours, worked out from its slots."""

from datetime import date, datetime, time, timedelta

from booking.rules.hours import Hours, opening_hours

MONDAY = datetime(2026, 11, 23)


def _slots(day: int, *starts: tuple[int, int]) -> list[tuple[datetime, datetime]]:
    begins = [MONDAY + timedelta(days=day, hours=hour, minutes=minute) for hour, minute in starts]
    return [(start, start + timedelta(minutes=30)) for start in begins]


def test_slots_that_touch_are_one_session_and_a_break_makes_two() -> None:
    hours = opening_hours(_slots(0, (8, 30), (9, 0), (9, 30), (14, 0)))

    assert hours == [Hours(date(2026, 11, 23), date(2026, 11, 23), ((time(8, 30), time(10)), (time(14), time(14, 30))))]


def test_neighbouring_days_with_the_same_sessions_are_told_together() -> None:
    hours = opening_hours(_slots(0, (9, 0)) + _slots(1, (9, 0)) + _slots(3, (9, 0)) + _slots(4, (10, 0)))

    assert [(one.first.weekday(), one.last.weekday()) for one in hours] == [(0, 1), (3, 3), (4, 4)]


def test_a_day_that_has_begun_takes_its_hours_from_the_week_after() -> None:
    hours = opening_hours(_slots(0, (16, 0)) + _slots(7, (9, 0), (16, 0)))

    assert [len(one.sessions) for one in hours] == [2]


def test_without_slots_there_are_no_hours() -> None:
    assert opening_hours([]) == []
