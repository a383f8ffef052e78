"""A web machine's wrong clock neither opens a release early nor keeps anybody out of it."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.rules.clocks import moment

LEDGER = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [-14, -2, 0, 2, 14])
def test_a_clock_that_is_minutes_off_counts_for_nothing(minutes: int) -> None:
    assert moment(now=LEDGER + timedelta(minutes=minutes), ledger=LEDGER) == LEDGER


@pytest.mark.parametrize(("days", "counts"), [(-2, -2), (2, 0)])
def test_where_clocks_are_far_apart_the_earlier_one_counts(days: int, counts: int) -> None:
    assert moment(now=LEDGER + timedelta(days=days), ledger=LEDGER) == LEDGER + timedelta(days=counts)
