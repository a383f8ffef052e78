"""What a queue costs while a whole city waits in it: `make bench ARGS="--queue"`.

First the browsers, by arithmetic: each one's requests by the constants of the queue's own rules, which the page's
script follows. Then the application: how many such requests a second it answers. The second half of this file runs
inside the installation: `python -m tests.bench.queue`, which makes a queue and prints its number.
"""

import gzip
import heapq
import json
import random
import sys
import urllib.request
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from booking.rules.queue import look_seconds, spread_seconds
from tests.bench import load
from tests.bench.installation import Installation

PEOPLE, SHARE = 300_000, 20
LOBBY_MINUTES, PEOPLE_A_MINUTE = 60, 3000
MOST_A_SECOND = 500
_OPENS = datetime(2026, 11, 24, 8)
_WINDOW = 10
# Of those who come before the opening: evenly over the lobby's hour, or half of them in its first five minutes.
_RUSH_SECONDS = 300


def measure(city: Installation, worker_class: str) -> tuple[list[str], bool]:
    """The figures as lines, and whether the application sees less than the target."""
    lines, met = [], True
    for name, rush in (("evenly over the hour", 0.0), ("half of them within 5 minutes", 0.5)):
        found = simulate(rush)
        lines += _told(name, found)
        met = met and _peak(found["join"]) + 1 < MOST_A_SECOND
    return [*lines, "", *_measured(city, worker_class)], met


def simulate(rush: float) -> dict[str, Counter[int]]:
    """Requests by second, counted from the lobby's beginning, of one browser in SHARE; and how they spread."""
    chance = random.Random(1)
    opens = LOBBY_MINUTES * 60
    found: dict[str, Counter[int]] = {"page": Counter(), "join": Counter(), "state": Counter()}
    people = PEOPLE // SHARE
    looks: list[tuple[float, float]] = []
    arrivals = sorted(chance.uniform(0, _RUSH_SECONDS if chance.random() < rush else opens) for _ in range(people))
    for at in arrivals:
        found["page"][int(at)] += 1
        found["state"][int(at)] += 1
        left = spread_seconds(opens_at=_OPENS, now=_OPENS - timedelta(seconds=opens - at))
        found["join"][int(at + chance.uniform(0, left))] += 1
        heapq.heappush(looks, (at, chance.random()))
    come = 0
    while looks:
        at, fraction = heapq.heappop(looks)
        while come < len(arrivals) and arrivals[come] <= at:
            come += 1
        due = opens + fraction * come * SHARE / PEOPLE_A_MINUTE * 60
        if at >= max(due, opens):
            continue
        waiting = come * SHARE - max(at - opens, 0) / 60 * PEOPLE_A_MINUTE
        again = at + chance.uniform(*look_seconds(int(max(waiting, 0))))
        at = min(again, due + chance.uniform(1, 3))
        found["state"][int(at)] += 1
        heapq.heappush(looks, (at, fraction))
    return found


def peaks(rush: float) -> dict[str, float]:
    """The most requests of each kind a second, for a whole city."""
    return {what: _peak(counted) for what, counted in simulate(rush).items()}


def _peak(by_second: Counter[int]) -> float:
    windows: Counter[int] = Counter()
    for second, count in by_second.items():
        windows[second // _WINDOW] += count
    return max(windows.values()) * SHARE / _WINDOW


def _told(name: str, found: dict[str, Counter[int]]) -> list[str]:
    people = PEOPLE // SHARE
    each = {what: sum(counted.values()) / people for what, counted in found.items()}
    peaks = {what: _peak(counted) for what, counted in found.items()}
    everything = sum(found.values(), Counter())
    drained = PEOPLE / PEOPLE_A_MINUTE
    return [
        "",
        f"{PEOPLE:,} people come {name}; {PEOPLE_A_MINUTE:,} a minute are let in, the last after {drained:.0f} minutes",
        f"{'':<40}{'a browser':>12}{'most a second':>16}",
        *(f"{what:<40}{each[what]:>12.1f}{peaks[what]:>16.0f}" for what in found),
        f"{'application, a proxy keeps page and state':<44}{peaks['join'] + 1:>24.0f}",
        f"{'application, without a proxy':<44}{_peak(everything):>24.0f}",
    ]


def _measured(city: Installation, worker_class: str) -> list[str]:
    filled: dict[str, Any] = city.script("tests.bench.fill", "4000", "0", "1")
    queue = city.script("tests.bench.queue")
    city.start_web(worker_class)
    try:
        sizes = {
            "page": _size(city, f"/queue/{queue}/"),
            "state": _size(city, f"/queue/{queue}/state.json"),
        }
        scenarios = [
            ("page", iter([load.get(f"/queue/{queue}/", Accept_Encoding="gzip")] * 20_000)),
            ("state", iter([load.get(f"/queue/{queue}/state.json")] * 20_000)),
            ("join", (_join(queue, token, patient) for token, patient in filled["citizens"])),
        ]
        lines = [f"{'measured at the application':<40}{'a second':>12}{'p95 ms':>12}{'answers':>24}"]
        for name, requests in scenarios:
            result = load.run(("127.0.0.1", city.port), requests, connections=64, seconds=5)
            statuses = ", ".join(f"{count:,} × {status}" for status, count in result.statuses.items())
            lines.append(f"{name:<40}{result.per_second:>12.0f}{result.percentile(0.95):>12.1f}{statuses:>24}")
    finally:
        city.stop_web()
    return [*lines, *(f"{name}: {size:,} bytes as sent" for name, size in sizes.items())]


def _join(queue: int, token: str, patient: str) -> bytes:
    body = json.dumps({"patients": [patient]}).encode()
    return load.post(f"/api/v1/queues/{queue}/places", body, Authorization=f"Bearer {token}")


def _size(city: Installation, path: str) -> int:
    asked = urllib.request.Request(f"http://127.0.0.1:{city.port}{path}")
    with urllib.request.urlopen(asked, timeout=30) as answer:
        body = answer.read()
    return len(body) if len(body) < 1000 else len(gzip.compress(body))


def _inside() -> int:
    import django

    django.setup()

    from django.utils import timezone

    from tests.factories import make_queue, make_slot

    now = timezone.now()
    times = {"lobby_from": now, "opens_at": now + timedelta(hours=1), "ends_at": now + timedelta(hours=4)}
    queue = make_queue(**times)
    make_slot(programme=queue.programme, opens_at=queue.opens_at, starts_at=now + timedelta(days=3))
    return queue.pk


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_inside()))
