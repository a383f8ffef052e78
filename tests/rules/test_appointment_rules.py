"""Where a site is on Chinese maps, what to bring, how an appointment stands, and when the next dose is due."""

from datetime import date, datetime, timedelta

import pytest

from booking.rules.coordinates import gcj02
from booking.rules.eligibility import next_dose_from
from booking.rules.standing import group, standing
from booking.rules.what_to_bring import what_to_bring

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")


def test_a_place_in_beijing_moves_as_maps_there_have_it() -> None:
    assert gcj02(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)


def test_in_changsha_the_offset_is_a_few_hundred_metres_to_the_south_east() -> None:
    longitude, latitude = gcj02(112.9388, 28.2282)

    assert 0.004 < longitude - 112.9388 < 0.008
    assert -0.005 < latitude - 28.2282 < -0.002


@pytest.mark.parametrize("place", [(-0.1276, 51.5072), (139.6917, 35.6895)])
def test_outside_china_nothing_moves(place: tuple[float, float]) -> None:
    assert gcj02(*place) == place


def test_a_child_brings_booklet_and_guardian_until_the_day_before_the_eighteenth_birthday() -> None:
    assert what_to_bring(document_type="resident_id", age=17) == (
        "resident_id", "booklet", "guardian", "sleeve", "time",
    )  # fmt: skip
    assert what_to_bring(document_type="passport", age=18) == ("passport", "booklet_if_any", "sleeve", "time")


@pytest.mark.parametrize(
    ("status", "minutes", "stands", "part"),
    [
        ("BOOKED", 30, "to_come", "upcoming"),
        ("BOOKED", -59, "to_come", "upcoming"),
        ("BOOKED", -60, "missed", "past"),
        ("CHECKED_IN", -59, "checked_in", "upcoming"),
        ("CHECKED_IN", -60, "checked_in", "past"),
        ("CHECKED_IN", -12 * 60 + 1, "checked_in", "past"),
        ("CHECKED_IN", -12 * 60, "unfinished", "past"),
        ("FULFILLED", 30, "fulfilled", "past"),
        ("NO_SHOW", -60, "no_show", "past"),
        ("CANCELLED", 30, "cancelled", "given_up"),
    ],
)
def test_status_and_clock_say_how_it_stands(status: str, minutes: int, stands: str, part: str) -> None:
    ends_at = NOW + timedelta(minutes=minutes)

    assert standing(status=status, ends_at=ends_at, now=NOW) == stands
    assert group(status=status, ends_at=ends_at, now=NOW) == part


def test_the_next_dose_is_due_after_the_interval_of_this_one() -> None:
    first, second, last = (
        next_dose_from(doses=3, intervals=[30, 150], dose=dose, given_on=date(2026, 11, 25)) for dose in (1, 2, 3)
    )

    assert (first, second, last) == (date(2026, 12, 25), date(2027, 4, 24), None)
