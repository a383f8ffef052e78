"""Whoever comes too late is answered at once, whatever else is being looked up for other slots."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse

from booking.api import full_answers
from booking.api.full_answers import FullAnswers

WHOLE, BARE = b"with the nearest", b"without"


class Door:
    """Counts how often an answer is made; while `go` is not set, making takes long."""

    def __init__(self) -> None:
        self.answers, self.made, self.go, self.begun = FullAnswers(), 0, threading.Event(), threading.Semaphore(0)

    def ask(self, slot: int) -> bytes:
        return self.answers.get(f"slot_full:{slot}:en", whole=self._whole, bare=lambda: HttpResponse(BARE)).content

    def _whole(self) -> HttpResponse:
        self.made += 1
        self.begun.release()
        assert self.go.wait(10)
        return HttpResponse(WHOLE)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def threads(door):
    with ThreadPoolExecutor(8) as pool:
        yield pool
        door.go.set()


def test_a_crowd_at_one_slot_waits_for_one_answer(door, threads) -> None:
    crowd = [threads.submit(door.ask, 1) for _ in range(8)]
    assert door.begun.acquire(timeout=10)
    door.go.set()

    assert {one.result(10) for one in crowd} == {WHOLE}
    assert door.made == 1


def test_nobody_waits_for_what_is_made_for_other_slots(door, threads) -> None:
    slow = [threads.submit(door.ask, slot) for slot in (1, 2)]
    for _ in slow:
        assert door.begun.acquire(timeout=10)

    assert [door.ask(slot) for slot in (3, 4, 5)] == [BARE] * 3

    door.go.set()
    assert [one.result(10) for one in slow] == [WHOLE] * 2
    # There is room for a maker again.
    assert door.ask(3) == WHOLE


def test_twin_with_as_many_makers_as_slots_all_of_them_are_at_the_ledger(door, threads, monkeypatch) -> None:
    monkeypatch.setattr(door.answers.store, "_makers", 8)

    crowd = [threads.submit(door.ask, slot) for slot in range(8)]

    for _ in crowd:
        assert door.begun.acquire(timeout=10)
    assert door.made == 8


def test_an_older_answer_does_while_the_next_is_made(door, threads, monkeypatch) -> None:
    door.go.set()
    door.ask(1)
    monkeypatch.setattr(full_answers, "_FRESH", 0)
    door.go.clear()
    assert door.begun.acquire(timeout=10)
    slow = threads.submit(door.ask, 1)
    assert door.begun.acquire(timeout=10)

    assert door.ask(1) == WHOLE
    monkeypatch.setattr(full_answers, "_USABLE", 0)
    monkeypatch.setattr(full_answers, "_PATIENCE", 0.01)
    assert door.ask(1) == BARE

    door.go.set()
    assert slow.result(10) == WHOLE


def test_a_maker_that_fails_makes_room_for_the_next(door) -> None:
    def fails() -> HttpResponse:
        raise RuntimeError

    for _ in range(3):
        with pytest.raises(RuntimeError):
            door.answers.get("slot_full:1:en", whole=fails, bare=fails)
    door.go.set()

    assert door.ask(1) == WHOLE
