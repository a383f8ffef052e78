"""Which time suits somebody for their next dose, and when they are told of it."""

from datetime import datetime

import pytest

from booking.rules.next_dose import best_time, is_time_to_tell


def at(day, hour, minute=0):
    return datetime(2026, 12, day, hour, minute)


# A Wednesday morning.
BEFORE = datetime(2026, 11, 25, 9, 30)


def test_the_same_weekday_and_the_nearest_time_of_day():
    free = [at(21, 9), at(22, 9, 30), at(23, 8), at(23, 9), at(23, 14), at(24, 9, 30)]

    assert best_time(free, before=BEFORE) == at(23, 9)


def test_without_that_weekday_in_a_week_the_first_free_day():
    assert best_time([at(24, 14), at(24, 16), at(25, 9, 30), at(31, 9, 30)], before=BEFORE) == at(24, 14)


def test_of_two_times_as_near_the_earlier():
    assert best_time([at(23, 9), at(23, 10)], before=BEFORE) == at(23, 9)


def test_nothing_free_is_nothing():
    assert best_time([], before=BEFORE) is None


@pytest.mark.parametrize(("hour", "told"), [(8, False), (9, True), (11, True), (12, False), (21, False)])
def test_people_are_told_in_the_morning(hour, told):
    assert is_time_to_tell(at(1, hour, 59)) is told
