"""Callers that arrive together are served together, each exactly once, whatever the result is."""

import threading

import pytest

from booking.operations.grouping import Grouped
from tests.races.crowd import all_at_once


def test_every_item_is_worked_on_exactly_once_also_when_results_are_none():
    seen, lock = [], threading.Lock()

    def work(items):
        with lock:
            seen.extend(items)
        return [None if item % 2 else item for item in items]

    grouped = Grouped(work, most=5)
    results = all_at_once([lambda n=n: grouped(n) for n in range(400)], threads=32)

    assert results == [None if n % 2 else n for n in range(400)]
    assert sorted(seen) == list(range(400))


def test_one_group_at_a_time_and_callers_gather_meanwhile():
    running, most_at_once, sizes = 0, 0, []
    gate = threading.Event()

    def work(items):
        nonlocal running, most_at_once
        running += 1
        most_at_once = max(most_at_once, running)
        gate.wait(0.02)
        sizes.append(len(items))
        running -= 1
        return items

    grouped = Grouped(work, most=100)
    all_at_once([lambda n=n: grouped(n) for n in range(64)], threads=32)

    assert most_at_once == 1
    assert max(sizes) > 1


def test_an_error_reaches_every_caller_of_the_group_and_the_next_group_works():
    def work(items):
        if "bad" in items:
            raise ValueError("no")
        return items

    grouped = Grouped(work, most=10)

    with pytest.raises(ValueError, match="no"):
        grouped("bad")
    assert grouped("good") == "good"
