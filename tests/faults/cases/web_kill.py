"""A web process is killed at an exact point of a booking; whoever waited for it repeats with the same key."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg

from tests.bench.installation import Installation
from tests.faults.dying import POINTS, die_at, has_died
from tests.faults.rush import Rush, answer, audit, booking, promises_hold, wait_until

Say = Callable[[str], None]


def killed_at_a_point(city: Installation, made: dict[str, Any], say: Say) -> None:
    """kill -9 after the gate, after the commit, and before the answer; the repeat gets its 201."""
    slot = city.slot(quota=len(POINTS))
    for citizen, point in zip(made["citizens"], POINTS, strict=False):
        wanted = booking(citizen, slot, key=f"killed-{point}-{slot}")
        die_at(city, point)
        _no_answer(city, wanted)
        assert has_died(city, point), f"nobody came to {point}"
        written = _written(city, citizen, slot)
        assert written == (point != "before_ledger"), f"{point}: {written} appointments in the ledger"
        began, body = time.monotonic(), {}
        while not body:
            with contextlib.suppress(OSError):
                status, body = answer(city, wanted)
                assert status == 201, body
        say(f"killed {point}: {written} in the ledger; the repeat was told 201 {time.monotonic() - began:.2f} s later")
        assert answer(city, wanted) == (201, body), "a third try was told something else"
        assert _written(city, citizen, slot) == 1
        wait_until(lambda: len(city.workers()) == 2, 30, "the worker is replaced")
    found = audit(city, patience=40)
    assert found["clean"], found


def place_of_the_dead_comes_back(city: Installation, made: dict[str, Any], say: Say) -> None:
    """Killed between gate and ledger with the last place; nobody repeats, and the lease gives it back."""
    # Not those of the case before: its programme is this one too, and they have their appointments.
    slot, (gone, next_one) = city.slot(quota=1), made["citizens"][len(POINTS) :][:2]
    die_at(city, "before_ledger")
    began = time.monotonic()
    _no_answer(city, booking(gone, slot, key=f"never-again-{slot}"))
    told = []

    def has_it() -> bool:
        status, body = answer(city, booking(next_one, slot, key=f"next-{slot}-{len(told):06}"))
        told.append(body.get("code", status))
        return status == 201

    try:
        wait_until(has_it, 60, "somebody else gets the place")
    except AssertionError as late:
        raise AssertionError(f"{late}; told {Counter(told)}") from None
    say(
        f"the next one was told {told.count('slot_full')} × slot_full and had it {time.monotonic() - began:.1f} s later"
    )
    assert set(told) == {"slot_full", 201}, told
    found = audit(city)
    assert found["clean"], found


def killed_in_a_rush(city: Installation, made: dict[str, Any], say: Say) -> None:
    """kill -9 at each point in the middle of a rush, twice."""
    with Rush(city, made["citizens"], made["slots"], seconds=14, connections=48) as rush:
        for point in POINTS * 2:
            time.sleep(0.5)
            die_at(city, point)
            wait_until(lambda point=point: has_died(city, point), 10, f"a worker comes to {point}")
            wait_until(lambda: len(city.workers()) == 2, 30, "the worker is replaced")
    say(f"{rush.result.broken} requests got no answer")
    assert rush.result.broken, "nobody was harmed"
    promises_hold(city, rush, say)


def _no_answer(city: Installation, request: bytes) -> None:
    try:
        told = answer(city, request)
    except OSError:
        return
    raise AssertionError(f"the process that was to die answered {told}")


def _written(city: Installation, citizen: tuple[str, str], slot: int) -> int:
    with psycopg.connect(city.ledger.url()) as connection:
        row = connection.execute(
            "SELECT count(*) FROM booking_appointment WHERE slot_id = %s AND patient_id = %s", [slot, citizen[1]]
        ).fetchone()
        return int(row[0]) if row else 0


CASES = (killed_at_a_point, place_of_the_dead_comes_back, killed_in_a_rush)
