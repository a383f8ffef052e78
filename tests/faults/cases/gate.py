"""The gate forgets, or is gone."""

import time
from collections.abc import Callable
from typing import Any

import redis

from tests.bench.installation import Installation
from tests.faults.rush import Rush, answer, booked, booking, forget_all, loaded, promises_hold, wait_until
from tests.faults.servers import kill


def gate_emptied(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """FLUSHALL five times in the middle of a rush."""
    gate = redis.Redis.from_url(city.gate.url())
    with Rush(city, made["citizens"], made["slots"], seconds=8) as rush:
        for _ in range(5):
            time.sleep(0.6)
            gate.flushall()
            before = booked(city)
            took = wait_until(lambda before=before: booked(city) > before, 5, "bookings go on")
            say(f"emptied; the next booking stood in the ledger {took * 1000:.0f} ms later")
    promises_hold(city, rush, say)


def gate_stopped(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The gate is gone for twenty seconds in the middle of a rush."""
    with Rush(city, made["citizens"], made["slots"], seconds=28, connections=8) as rush:
        time.sleep(1)
        city.gate.stop()
        stopped_at, before = time.monotonic(), booked(city)
        time.sleep(20)
        during = booked(city) - before
        city.gate.start()
        say(f"the gate was gone for {time.monotonic() - stopped_at:.1f} s; the ledger alone booked {during} meanwhile")
    promises_hold(city, rush, say)
    assert during > 0, "nobody was booked while the gate was gone"
    forget_all(city)
    citizen, slot = made["citizens"][-1], city.slot(quota=1)
    answer(city, booking(citizen, slot, key="after-the-gate-came-back"))
    took = wait_until(lambda: loaded(city, slot), 20, "bookings go through the gate again")
    say(f"the breaker had closed by itself ({took:.1f} s)")


def gate_killed(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """kill -9 the gate twice in the middle of a rush; it comes back with what its file had a second ago."""
    with Rush(city, made["citizens"], made["slots"][:250], seconds=12, connections=16) as rush:
        for _ in range(2):
            time.sleep(1)
            kill(city.gate)
            city.gate.start()
            before = booked(city)
            took = wait_until(lambda before=before: booked(city) > before, 5, "bookings go on")
            say(f"killed and started again; the next booking stood in the ledger {took * 1000:.0f} ms later")
    promises_hold(city, rush, say)


CASES = (gate_emptied, gate_stopped, gate_killed)
