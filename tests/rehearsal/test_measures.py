"""Durations are kept in little room and told neither shorter nor much longer than they were."""

from random import Random

import pytest

from booking.rehearsal.measures import Spread, together


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_a_share_is_told_within_three_in_a_hundred_and_never_too_short(share: float) -> None:
    dice = Random(1)
    durations = sorted(dice.lognormvariate(-2, 1.5) for _ in range(20_000))
    spread = Spread()
    for duration in durations:
        spread.add(duration)

    exact = durations[int(len(durations) * share) - 1]
    assert exact - 0.0001 <= spread.at(share) <= exact * 1.04 + 0.0002


def test_the_worst_is_told_as_it_was() -> None:
    spread = Spread()
    for duration in (0.001, 12.345):
        spread.add(duration)

    assert spread.figures() == {"count": 2, "p50": 0.001, "p95": 12.345, "p99": 12.345, "worst": 12.345}


def test_several_together_are_as_if_one_had_counted_them_all() -> None:
    first, second, both = Spread(), Spread(), Spread()
    for number in range(100):
        (first if number % 2 else second).add(number / 100)
        both.add(number / 100)

    assert together([first, second]).figures() == both.figures()


def test_nothing_has_no_duration() -> None:
    assert Spread().figures() == {"count": 0, "p50": 0.0, "p95": 0.0, "p99": 0.0, "worst": 0.0}
