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


def test_the_first_waits_for_those_on_their_way_and_all_are_one_group():
    groups = []

    def work(items):
        groups.append(sorted(items))
        return items

    grouped = Grouped(work, most=100, patience=10)
    everybody_is_on_the_way = threading.Barrier(8)

    def come(n):
        with grouped.expected() as coming:
            everybody_is_on_the_way.wait(10)
            return grouped(n, coming)

    all_at_once([lambda n=n: come(n) for n in range(8)], threads=8)

    assert groups == [list(range(8))]


def test_twin_without_patience_the_first_goes_alone():
    groups = []

    def work(items):
        groups.append(list(items))
        return items

    grouped = Grouped(work, most=100, patience=0)

    with grouped.expected():
        grouped("first")

    assert groups == [["first"]]


def test_who_turns_back_keeps_nobody_waiting():
    grouped = Grouped(lambda items: items, most=100, patience=60)
    first_has_come = threading.Event()

    def turn_back():
        with grouped.expected():
            first_has_come.wait(10)

    other = threading.Thread(target=turn_back)
    with grouped.expected() as coming:
        other.start()
        threading.Timer(0.05, first_has_come.set).start()
        # Sixty seconds of patience would outlast the test's own limit.
        assert grouped("first", coming) == "first"
    other.join(10)
    assert not other.is_alive()


def test_somebody_who_never_arrives_is_waited_for_no_longer_than_patience():
    grouped = Grouped(lambda items: items, most=100, patience=0.01)

    with grouped.expected():
        assert grouped("first") == "first"
