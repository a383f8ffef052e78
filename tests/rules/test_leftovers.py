"""Leftover doses: when people are asked, for how long, how many at once, and into which slot they come."""

from datetime import datetime, timedelta

import pytest

from booking.rules import leftovers
from booking.rules.leftovers import Stretch

NOW = datetime.fromisoformat("2026-11-24T11:00:00+08:00")


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24T{clock}:00+08:00")


@pytest.mark.parametrize(
    ("now", "until", "reason"),
    [
        ("11:00", at("11:20"), ""),
        ("11:00", at("11:19"), "too_soon"),
        ("11:00", at("10:00"), "too_soon"),
        ("11:00", at("11:30") + timedelta(days=1), "not_today"),
        ("21:00", at("22:00"), "quiet"),
    ],
)
def test_a_round_begins_by_day_for_today_with_time_for_an_answer_and_the_way(now, until, reason):
    assert leftovers.refusal_of_round(until=until, now=at(now)) == reason


def test_an_answer_is_wanted_within_a_quarter_of_an_hour_and_never_after_the_round():
    assert leftovers.answer_until(now=at("11:00"), until=at("12:30"), minutes=15) == at("11:15")
    assert leftovers.answer_until(now=at("12:20"), until=at("12:30"), minutes=15) == at("12:30")


def test_in_the_last_minutes_of_a_round_nobody_new_is_asked():
    assert leftovers.may_ask(until=at("12:30"), now=at("12:20"))
    assert not leftovers.may_ask(until=at("12:30"), now=at("12:21"))


@pytest.mark.parametrize(
    ("doses", "promised", "asked", "more"), [(3, 0, 0, 3), (3, 1, 1, 1), (3, 1, 2, 0), (3, 3, 0, 0), (2, 1, 3, 0)]
)
def test_every_open_offer_could_become_a_yes(doses, promised, asked, more):
    assert leftovers.to_offer(doses=doses, promised=promised, asked=asked) == more


def test_homes_are_taken_from_near_to_far():
    assert leftovers.homes_nearest_first({"430105": 900, "430102": 4000, "430103": 900}) == [
        "430103",
        "430105",
        "430102",
    ]


@pytest.mark.parametrize(
    ("until", "slot"), [("12:30", 2), ("12:31", 3), ("11:00", 1), ("13:40", 3), ("14:20", 4), ("18:00", 4)]
)
def test_people_are_written_into_the_slot_in_which_they_come_or_the_one_nearest_to_it(until, slot):
    slots = [
        Stretch(1, at("11:30"), at("12:00")),
        Stretch(2, at("12:00"), at("12:30")),
        Stretch(3, at("12:30"), at("13:00")),
        Stretch(4, at("14:30"), at("15:00")),
    ]

    assert leftovers.slot_for(slots, until=at(until)) == slot


def test_without_a_slot_of_today_nobody_can_come():
    assert leftovers.slot_for([], until=at("12:30")) is None
