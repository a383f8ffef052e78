"""What is equal or better than the place that was lost, and which of several is best."""

from datetime import datetime, timedelta

import pytest

from booking.rules.changes import changes_left
from booking.rules.relocation import Lost, Offered, is_good_enough, rank

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
LOST = Lost(datetime.fromisoformat("2026-11-25T10:00:00+08:00"), "430102", ("step_free", "parking"))


def offered(hours: float = 0, days: int = 0, metres: int = 500, slot_id: int = 1, **fields) -> Offered:
    defaults = {"district": "430102", "facilities": ("step_free",)}
    return Offered(slot_id, LOST.starts_at + timedelta(hours=hours, days=days), metres=metres, **{**defaults, **fields})


@pytest.mark.parametrize(
    ("place", "fits"),
    [
        (offered(), True),
        (offered(metres=10_000), True),
        (offered(metres=10_001), False),
        (offered(days=7), True),
        (offered(days=8), False),
        (offered(days=-1), False),
        (offered(hours=-9), True),
        (offered(facilities=()), False),  # parking may be missing, a way without steps may not
        (offered(facilities=("step_free", "english")), True),
    ],
)
def test_near_enough_soon_enough_and_with_what_people_depend_on(place: Offered, fits: bool) -> None:
    assert is_good_enough(LOST, place, now=NOW) is fits


def test_the_old_day_lasts_until_midnight_whatever_the_hours_between() -> None:
    late = Lost(LOST.starts_at.replace(hour=8), "430102", ())

    assert is_good_enough(late, offered(hours=9, facilities=()), now=NOW)


def test_nobody_is_sent_where_they_cannot_be_in_two_hours() -> None:
    soon = LOST.starts_at - timedelta(hours=2)

    assert is_good_enough(LOST, offered(), now=soon)
    assert not is_good_enough(LOST, offered(), now=soon + timedelta(seconds=1))


def test_the_best_come_first_in_the_documented_order() -> None:
    best_first = [
        offered(hours=1, metres=0),
        offered(hours=-2, metres=0),
        offered(hours=0, metres=900),  # the old site at another time is nearer
        offered(hours=0, metres=300, district="430103"),  # within a kilometre the old district comes first
        offered(hours=0, metres=1_100),
        offered(hours=3, metres=0),  # the same day, but not about the same time
        offered(days=1, metres=0),
        offered(days=1, hours=5, metres=0),
        offered(days=1, metres=9_000),
        offered(days=2, metres=0),
    ]

    worst_first = best_first[::-1]

    assert sorted(worst_first, key=lambda one: rank(LOST, one)) == best_first


def test_of_two_equal_places_the_answer_is_always_the_same() -> None:
    one, other = offered(slot_id=1), offered(slot_id=2)

    assert rank(LOST, one) < rank(LOST, other)


@pytest.mark.parametrize(
    ("made", "free", "left"), [(0, False, 2), (2, False, 0), (3, False, 0), (2, True, 1), (0, True, 2)]
)
def test_a_free_change_is_there_also_for_whoever_has_none_left(made: int, free: bool, left: int) -> None:
    assert changes_left(allowed=2, made=made, one_is_free=free) == left
