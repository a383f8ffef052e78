"""Which messages go first, which wait, how long to wait after a failure; words of people who answer by text."""

from datetime import datetime, timedelta

import pytest

from booking.models import MessageKind
from booking.rules.inbound import chosen, meaning, number_of, numbers_of
from booking.rules.messages import HANDLING, is_quiet, next_morning, reminder_from, tomorrow, wait_after

NOON = datetime.fromisoformat("2026-11-24T12:00:00+08:00")


def test_every_kind_is_handled_in_one_way():
    assert set(HANDLING) == set(MessageKind)


@pytest.mark.parametrize(("hour", "minute", "quiet"), [(20, 59, False), (21, 0, True), (7, 59, True), (8, 0, False)])
def test_nights_are_quiet(hour, minute, quiet):
    assert is_quiet(NOON.replace(hour=hour, minute=minute)) is quiet


def test_the_more_important_goes_first_in_the_morning():
    night, early = NOON.replace(hour=23), NOON.replace(hour=3)

    assert next_morning(night, 2) == NOON.replace(hour=8, second=2) + timedelta(days=1)
    assert next_morning(early, 1) < next_morning(early, 5) < NOON
    assert tomorrow(NOON, 0) == NOON.replace(hour=8) + timedelta(days=1)
    assert tomorrow(early, 0) == NOON.replace(hour=8) + timedelta(days=1)


def test_waits_double_to_half_an_hour_and_are_spread():
    assert [wait_after(n, 1).total_seconds() for n in (1, 2, 3)] == [30, 60, 120]
    assert wait_after(1, 0).total_seconds() == 15
    assert wait_after(50, 1) == timedelta(minutes=30)


def test_the_reminder_is_of_the_evening_before():
    assert reminder_from(NOON).isoformat() == "2026-11-23T18:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1", ("accept", "")), ("１", ("accept", "")), (" 要。", ("accept", "")), ("Ｙ", ("accept", "")),
        ("Yes!", ("accept", "")), ("1 47", ("accept", "47")), ("147", ("accept", "47")), ("要４７", ("accept", "47")),
        ("0", ("decline", "")), ("不要！", ("decline", "")), ("NO", ("decline", "")), ("0，4712", ("decline", "4712")),
        ("T", ("cancel", "")), ("ｔ", ("cancel", "")), ("取消", ("cancel", "")), ("“T 83”", ("cancel", "83")),
        ("Cancel", ("cancel", "")), ("", ("", "")), ("1 2 3", ("accept", "23")), ("11", ("", "")),
        ("我要打疫苗", ("", "")), ("不", ("", "")), ("TD", ("", "")), ("10:30", ("", "")), ("1" * 600, ("", "")),
    ],
)  # fmt: skip
def test_what_people_mean(text, meant):
    assert meaning(text) == meant


def test_numbers_are_different_and_stay_when_others_come_and_go():
    names = [f"name-{n}" for n in range(12)]

    found = numbers_of(names)

    assert len(set(found.values())) == 12
    assert all(chosen(names, found[name]) == [name] for name in names)
    assert chosen(names[:1], number_of(names[0], 2)) == names[:1]
    assert chosen(names, "") == names
    assert chosen(names[:1], "00") == []
