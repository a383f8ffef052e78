"""How many places of a slot are kept for later doses."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.rules.kept_doses import KeptForLaterDoses
from booking.rules.quota_change import CHANGE, SAME, Found, Numbers, State, decide_set, not_below_taken
from booking.rules.release import ALL_AT_ONCE

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("places", "percent", "kept"), [(20, 30, 6), (20, 0, 0), (5, 30, 1), (3, 30, 0), (7, 100, 7), (0, 50, 0)]
)
def test_the_share_is_rounded_down(places, percent, kept):
    assert KeptForLaterDoses(percent, 2).of(places, starts_at=NOW + timedelta(days=10), now=NOW) == kept


@pytest.mark.parametrize(("days", "kept"), [(1, 0), (2, 0), (3, 10)])
def test_a_slot_so_near_that_they_would_go_back_at_once_keeps_none(days, kept):
    assert KeptForLaterDoses(50, 2).of(20, starts_at=NOW + timedelta(days=days), now=NOW) == kept


def found(**numbers):
    state = State(NOW - timedelta(days=1), **{"quota": 14, "doses": 6, **numbers})
    return Found(1, 1, NOW + timedelta(days=5), NOW + timedelta(days=5, minutes=30), state)


def test_a_new_quota_leaves_what_is_kept_for_later_doses():
    changed = decide_set(found(), Numbers(10, None, None), ALL_AT_ONCE, touched=False, now=NOW)

    assert (changed.what, changed.after.quota, changed.after.doses) == (CHANGE, 10, 6)


def test_what_is_kept_can_be_set_by_hand():
    changed = decide_set(found(), Numbers(None, None, None, 2), ALL_AT_ONCE, touched=False, now=NOW)

    assert (changed.after.quota, changed.after.doses) == (14, 2)
    assert decide_set(found(), Numbers(14, None, None, 6), ALL_AT_ONCE, touched=False, now=NOW).what == SAME


def test_what_is_taken_goes_before_what_would_newly_be_kept():
    asked = decide_set(found(quota=20, doses=0), Numbers(14, None, None, 6), ALL_AT_ONCE, touched=False, now=NOW)

    settled = not_below_taken(asked, 17)

    assert (settled.after.quota, settled.after.doses, settled.short) == (17, 3, 0)


def test_what_was_kept_before_is_not_touched_by_what_is_taken():
    asked = decide_set(found(), Numbers(5, None, None), ALL_AT_ONCE, touched=False, now=NOW)

    settled = not_below_taken(asked, 9)

    assert (settled.after.quota, settled.after.doses, settled.short) == (9, 6, 4)
