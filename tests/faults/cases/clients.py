"""Clients that are slow, silent or greedy: nobody else notices."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.faults.behind_nginx import BehindNginx
from tests.faults.rush import Rush, promises_hold
from tests.faults.slow import SlowClients, greedy

# Nobody waits longer than five seconds for an answer, on however busy a machine.
_EACH, _SLOWEST_MS = 400, 5000


def slow_clients(city: BehindNginx, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """1,600 heads and bodies that never end, answers that nobody fetches and connections that say nothing."""
    (city.folder / "static" / "large.bin").write_bytes(b"\0" * 8_000_000)
    before, during = made["citizens"][:1500], made["citizens"][1500:]
    with Rush(city, before, made["slots"], seconds=3, connections=16) as calm:
        pass
    started = time.monotonic()
    with SlowClients(city.port, _EACH) as slow:
        with Rush(city, during, made["slots"], seconds=6, connections=16) as rush:
            pass
        while {kind for kind, _ in slow.open} & {"head", "silent"} and time.monotonic() - started < 30:
            time.sleep(0.5)
        gone, took = dict(slow.closed), time.monotonic() - started
        left = {kind for kind, _ in slow.open}
    say(
        f"p99 {calm.result.percentile(0.99):.0f} ms before and {rush.result.percentile(0.99):.0f} ms meanwhile; "
        f"sent away within {took:.0f} s: {gone}"
    )
    # Who sends a byte of a body each second, or fetches one, may be on a bad line; it costs a connection of nginx's.
    assert left <= {"body", "reader"}, f"still there: {left}"
    assert set(rush.result.statuses) == {"201"}, dict(rush.result.statuses)
    assert not rush.result.broken
    assert rush.result.percentile(0.99) < _SLOWEST_MS
    rush.result.references.extend(calm.references)
    promises_hold(city, rush, say)


def slow_clients_without_nginx(city: BehindNginx, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The same before a web machine itself, fewer than it serves at once."""
    port, behind = city.machines[0], city.port
    city.port = port
    try:
        with (
            SlowClients(port, 300, ("head", "body", "silent")),
            Rush(city, made["citizens"][:2500], made["slots"], seconds=6, connections=16) as rush,
        ):
            pass
    finally:
        city.port = behind
    say(f"p99 {rush.result.percentile(0.99):.0f} ms meanwhile")
    assert set(rush.result.statuses) == {"201"}, dict(rush.result.statuses)
    assert rush.result.percentile(0.99) < _SLOWEST_MS
    promises_hold(city, rush, say)


def greedy_clients(city: BehindNginx, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """Heads of a hundred kilobytes and bodies of twenty megabytes, forty at once all the time."""
    said: list[bytes] = []
    with ThreadPoolExecutor(40) as pool, Rush(city, made["citizens"], made["slots"], seconds=5, connections=16) as rush:
        for port in (city.port, city.machines[0]):
            said += pool.map(lambda n, port=port: greedy(port, head=100_000 * (n % 2), body=20_000_000), range(80))
    memory = max(city.worker_memory_mb())
    lines = {line.decode()[9:] or "no answer": said.count(line) for line in set(said)}
    say(f"p99 {rush.result.percentile(0.99):.0f} ms meanwhile; they were told {lines}; workers have {memory:.0f} MB")
    assert not any(line.startswith((b"HTTP/1.1 2", b"HTTP/1.1 5")) for line in said), lines
    told = rush.result.statuses
    # A worker that reads twenty megabytes may let the gate's answer to somebody else wait too long: they come again.
    assert set(told) <= {"201", "503 busy"}, dict(told)
    assert told["503 busy"] <= told["201"] / 100, dict(told)
    assert memory < 250
    promises_hold(city, rush, say)


CASES = (slow_clients, slow_clients_without_nginx, greedy_clients)
