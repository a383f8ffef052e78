"""A weekly pattern becomes the slots of a day."""

from datetime import time

import pytest

from booking.rules.quota_plan import Pattern, PlannedSlot, Session, overlapping, planned_slots


def _plan(session: Session, *, per_half_hour: int = 20, walk_in: int = 0, community: int = 0) -> list[PlannedSlot]:
    pattern = Pattern((session,), walk_in, community)
    return planned_slots(pattern, weekday=session.weekday, per_half_hour=per_half_hour)


def test_a_session_is_cut_into_whole_slots_and_the_rest_is_left() -> None:
    slots = _plan(Session(1, time(8), time(9, 20), 30, 12))

    assert slots == [PlannedSlot(time(8), time(8, 30), 12, 0, 0), PlannedSlot(time(8, 30), time(9), 12, 0, 0)]


def test_other_weekdays_have_none() -> None:
    pattern = Pattern((Session(1, time(8), time(9), 30, 12),))

    assert planned_slots(pattern, weekday=2, per_half_hour=20) == []


@pytest.mark.parametrize(
    ("minutes", "per_half_hour", "places"),
    [(30, 20, 20), (15, 20, 10), (20, 20, 13), (60, 20, 40), (10, 2, 1), (30, 0, 0)],
)
def test_without_a_number_the_sites_own_counts_in_proportion(minutes: int, per_half_hour: int, places: int) -> None:
    slots = _plan(Session(1, time(8), time(9), minutes), per_half_hour=per_half_hour)

    assert {slot.places for slot in slots} == {places}


def test_what_is_kept_is_rounded_down_and_lies_outside_of_what_can_be_booked() -> None:
    slot = _plan(Session(1, time(8), time(8, 30), 30, 19), walk_in=20, community=10)[0]

    assert (slot.places, slot.kept_walk_in, slot.kept_community) == (15, 3, 1)


def test_everything_may_be_kept() -> None:
    slot = _plan(Session(1, time(8), time(8, 30), 30, 19), walk_in=100)[0]

    assert (slot.places, slot.kept_walk_in) == (0, 19)


def test_sessions_overlap_on_the_same_weekday_only_and_may_touch() -> None:
    morning, touching = Session(1, time(8), time(12), 30), Session(1, time(12), time(17), 30)
    inside, tuesday = Session(1, time(9), time(10), 30), Session(2, time(9), time(10), 30)
    after_inside = Session(1, time(11), time(11, 30), 30)

    assert overlapping([morning, touching, tuesday]) == []
    assert overlapping([touching, after_inside, inside, morning]) == [inside, after_inside]
