"""Who is asked about freed places, how long they may think, and when places go to everybody."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from booking.rules.freed_places import Freed, Wish, allot, answer_until, delay, fits, when_to_ask
from booking.rules.priority import rank

FRIDAY = datetime(2026, 11, 27, 9)


def wish(people: int = 1, **fields) -> Wish:
    return Wish(uuid4(), people, fields.pop("until", date(2026, 12, 1)), **fields)


def freed(places: int = 1, slot_id: int = 7, **fields) -> Freed:
    return Freed(slot_id, fields.pop("site_id", 3), fields.pop("district", "A"), FRIDAY, places, **fields)


@pytest.mark.parametrize(
    ("fields", "would_do"),
    [
        ({}, True),
        ({"sites": [3]}, True),
        ({"sites": [4]}, False),
        ({"districts": ["A"]}, True),
        ({"sites": [4], "districts": ["A"]}, True),
        ({"sites": [4], "districts": ["B"]}, False),
        ({"days": [5, 6]}, True),
        ({"days": [6]}, False),
        ({"parts": ["morning"]}, True),
        ({"parts": ["afternoon"]}, False),
        ({"until": date(2026, 11, 27)}, True),
        ({"until": date(2026, 11, 26)}, False),
        ({"asked": [7]}, False),
        ({"asked": [8]}, True),
    ],
)
def test_which_places_are_what_somebody_waits_for(fields, would_do):
    assert fits(wish(**fields), freed()) is would_do


def test_the_first_in_line_is_asked_about_the_first_place_that_would_do():
    first, second, third = wish(sites=[4]), wish(), wish()
    one, other = freed(slot_id=7), freed(slot_id=8, site_id=4)

    assert allot([one, other], [first, second, third]) == [(first, other), (second, one)]


def test_a_group_gets_all_or_nothing_and_leaves_the_rest():
    group, alone = wish(people=2), wish()
    small, large = freed(places=1, slot_id=7), freed(places=3, slot_id=8)

    assert allot([small, large], [group, alone]) == [(group, large), (alone, small)]
    assert (small.places, large.places) == (0, 1)


def test_who_cannot_take_a_slot_is_asked_about_another():
    entry = wish()

    assert allot([freed(slot_id=7, without={entry.entry_id}), freed(slot_id=8)], [entry])[0][1].slot_id == 8


@pytest.mark.parametrize(
    ("before", "minutes"), [(timedelta(days=1), 30), (timedelta(minutes=80), 20), (timedelta(minutes=69), None)]
)
def test_an_answer_counts_for_half_an_hour_but_never_until_less_than_an_hour_before(before, minutes):
    now = FRIDAY - before

    until = answer_until(starts_at=FRIDAY, now=now, minutes=30)

    assert until == (now + timedelta(minutes=minutes) if minutes else None)


@pytest.mark.parametrize(
    ("now", "asked_at"),
    [
        (datetime(2026, 11, 26, 20, 59), datetime(2026, 11, 26, 20, 59)),
        (datetime(2026, 11, 26, 21), None),
        (datetime(2026, 11, 25, 21), datetime(2026, 11, 26, 8)),
        (datetime(2026, 11, 26, 3), datetime(2026, 11, 26, 8)),
        (datetime(2026, 11, 27, 7, 59), None),
    ],
)
def test_nobody_is_asked_at_night(now, asked_at):
    assert when_to_ask(starts_at=FRIDAY, now=now) == asked_at


def test_a_slot_late_enough_in_the_morning_waits_for_it():
    ten_past_nine = datetime(2026, 11, 27, 9, 10)

    assert when_to_ask(starts_at=ten_past_nine, now=datetime(2026, 11, 26, 23)) == datetime(2026, 11, 27, 8)


@pytest.mark.parametrize(("before", "wait"), [(timedelta(hours=3), 9), (timedelta(hours=2), 0)])
def test_the_delay_is_a_part_of_the_longest_and_none_close_to_the_start(before, wait):
    found = delay(starts_at=FRIDAY, now=FRIDAY - before, minutes=15, fraction=0.6)

    assert found == timedelta(minutes=wait)


def test_the_first_name_that_is_true_of_somebody_decides():
    order = ["second_dose", "age_60"]

    assert [rank(order, who) for who in (["age_60", "second_dose"], ["age_60"], ["child"])] == [0, 1, 2]
    assert rank([], ["age_60"]) == 0
