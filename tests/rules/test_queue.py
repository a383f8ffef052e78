"""The order in a queue: one person one fraction, whoever comes later stands behind, and so many are let in a minute."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from booking.rules.queue import (
    ONE,
    Pace,
    Standing,
    ahead,
    drained_at,
    fraction_of,
    let_in_at,
    let_in_by,
    look_seconds,
    spread_seconds,
)
from tests.factories import CLOCK

PERSON = UUID(int=1)
PACE = Pace(CLOCK, early=1000, people_a_minute=100)


def test_a_person_has_one_fraction_in_a_queue_and_another_one_in_the_next():
    assert fraction_of("seed", PERSON) == fraction_of("seed", PERSON)
    assert fraction_of("seed", PERSON) != fraction_of("another seed", PERSON)
    assert 0 <= fraction_of("seed", PERSON) < ONE


def test_fractions_are_spread_evenly():
    tenths = [fraction_of("seed", uuid4()) * 10 // ONE for _ in range(5000)]

    assert all(400 < tenths.count(tenth) < 600 for tenth in range(10))


def test_who_came_early_stands_among_those_who_came_early():
    assert ahead(Standing(True, 0), 1000) == 0
    assert ahead(Standing(True, ONE // 2), 1000) == 500
    assert ahead(Standing(True, ONE - 1), 1000) == 999


def test_who_came_late_stands_behind_all_of_them():
    assert ahead(Standing(False, 1), 1000) == 1000
    assert ahead(Standing(False, 7), 1000) == 1006
    assert ahead(Standing(False, 1), 0) == 0


def test_so_many_are_let_in_a_minute():
    assert let_in_at(Standing(True, 0), PACE) == CLOCK
    assert let_in_at(Standing(True, ONE // 2), PACE) == CLOCK + timedelta(minutes=5)
    assert let_in_at(Standing(False, 1), PACE) == CLOCK + timedelta(minutes=10)
    assert let_in_by(CLOCK - timedelta(seconds=1), PACE) == 0
    assert let_in_by(CLOCK + timedelta(minutes=5), PACE) == 501
    assert drained_at(1000, PACE) < CLOCK + timedelta(minutes=10)


@pytest.mark.parametrize(("left", "spread"), [(-10, 5), (1, 2), (60, 30), (3600, 600)])
def test_browsers_join_within_half_of_the_time_that_is_left_and_ten_minutes_at_the_most(left, spread):
    assert spread_seconds(opens_at=CLOCK + timedelta(seconds=left), now=CLOCK) == spread


@pytest.mark.parametrize("waiting", [0, 1000, 30_000, 300_000])
def test_looks_at_the_state_stay_near_a_hundred_a_second_and_within_an_hour(waiting):
    first, last = look_seconds(waiting)

    assert 10 <= first < last <= 3600
    assert waiting / ((first + last) / 2) < 112
