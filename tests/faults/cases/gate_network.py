"""The way to the gate is silent, slow or flaps: the breaker opens, the ledger books a few alone, the breaker closes."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.faults.installations import BehindProxy
from tests.faults.rush import (
    Rush,
    answer,
    answer_with_head,
    booked,
    booking,
    forget_all,
    loaded,
    promises_hold,
    wait_until,
    without_gate,
)

Say = Callable[[str], None]
# The list of faults says thirty: what is to be seen is there after the first second.
_SECONDS = 10


def gate_unreachable(city: BehindProxy, made: dict[str, Any], say: Say) -> None:
    """The gate accepts connections and never answers, for ten seconds."""
    _through(city, made, say, city.proxy.blackhole)


def gate_slow(city: BehindProxy, made: dict[str, Any], say: Say) -> None:
    """Every answer of the gate takes two seconds, for ten seconds."""
    _through(city, made, say, lambda: city.proxy.delay(2))


def _through(city: BehindProxy, made: dict[str, Any], say: Say, break_it: Callable[[], None]) -> None:
    people = made["citizens"]
    with Rush(city, people[:-500], made["slots"], seconds=_SECONDS + 6, connections=24) as rush:
        time.sleep(0.7)
        break_it()
        opened = wait_until(lambda: without_gate(city) == 2, 5, "both web processes notice")
        say(f"both web processes did without the gate after {opened:.1f} s")
        before, began = booked(city), time.monotonic()
        refused, slowest = _too_many(city, people[-500:-100], made["slots"][0])
        time.sleep(max(_SECONDS - (time.monotonic() - began), 0))
        during, seconds = booked(city) - before, time.monotonic() - began
        say(
            f"the ledger alone booked {during / seconds:.0f} a second for {seconds:.0f} s; of 400 more at once "
            f"{refused} were told 503 with Retry-After, the slowest after {slowest:.1f} s"
        )
        city.proxy.pass_on()
        say(f"both went back to it by themselves {_closed(city):.1f} s after it answered")
    assert opened < 1.5, "the breaker took too long to open"
    assert during > 0, "nobody was booked without the gate"
    assert refused > 0, "nobody was told to come back"
    promises_hold(city, rush, say)
    _through_the_gate_again(city, made)


def _too_many(city: BehindProxy, people: list[tuple[str, str]], slot: int) -> tuple[int, float]:
    """Many people at once: how many were told to come back, and how long the slowest answer took."""

    def ask(citizen: tuple[str, str]) -> tuple[str, float]:
        began = time.monotonic()
        head = answer_with_head(city.port, booking(citizen, slot, key=f"too-many-{slot}-{citizen[1][:12]}"))[0]
        return head.lower(), time.monotonic() - began

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(ask, people))
    refused = [head for head, _ in answers if head[9:12] == "503"]
    assert all("\r\nretry-after: " in head for head in refused), "a 503 without Retry-After"
    assert not [head for head, _ in answers if head[9:12] == "500"], "somebody was answered 500"
    return len(refused), max(seconds for _, seconds in answers)


def _closed(city: BehindProxy) -> float:
    return wait_until(lambda: without_gate(city) == 0, 10, "the breakers close")


def _through_the_gate_again(city: BehindProxy, made: dict[str, Any]) -> None:
    forget_all(city)
    slot = city.slot(quota=1)
    answer(city, booking(made["citizens"][-1], slot, key=f"through-the-gate-{slot}"))
    assert loaded(city, slot), "bookings do not go through the gate again"


def gate_flapping(city: BehindProxy, made: dict[str, Any], say: Say) -> None:
    """The gate is reset and comes back every 0.7 seconds, for ten seconds."""
    with Rush(city, made["citizens"][:-1], made["slots"], seconds=_SECONDS + 3, connections=8) as rush:
        time.sleep(0.5)
        city.proxy.flap(up=0.7, down=0.7)
        before = booked(city)
        time.sleep(_SECONDS)
        during = booked(city) - before
        city.proxy.pass_on()
        say(f"{during / _SECONDS:.0f} booked a second meanwhile, {city.proxy.resets} connections to the gate reset")
        say(f"both web processes were back {_closed(city):.1f} s after the last")
    assert during > 0, "nobody was booked"
    promises_hold(city, rush, say)
    _through_the_gate_again(city, made)


CASES = (gate_unreachable, gate_slow, gate_flapping)
