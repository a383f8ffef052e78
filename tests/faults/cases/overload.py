"""Ten times as many people as the installation can bear: whoever is served is served as before, the rest hear so."""

import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

from tests.faults.behind_nginx import BehindNginx, health
from tests.faults.impatient import Crowd, crowd
from tests.faults.rush import Rush, booking, promises_hold

# So many at once get the most out of two cores; ten times that and more are let loose, and nobody has any patience.
_FEW, _MANY, _PAUSE_SECONDS = 64, 3000, 0.25
_LEAST, _LONGEST_MS, _MOST_GROWTH_MB = 0.70, 5000, 40


def ten_times_what_it_can_bear(city: BehindNginx, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """3,000 people at once who try again at once, where 64 are what gets the most out of it."""
    requests = _requests(made)
    address = ("127.0.0.1", city.port)
    best = crowd(address, requests, people=_FEW, seconds=4, pause=_PAUSE_SECONDS)
    memory = city.worker_memory_mb()
    say(f"with {_FEW} people at once {best.booked_a_second():.0f} bookings a second, p99 {_ms(best.served):.0f} ms")
    with _Watched(city) as watched:
        found = crowd(address, requests, people=_MANY, seconds=8, pause=_PAUSE_SECONDS)
    grown = max(after - then for then, after in zip(memory, city.worker_memory_mb(), strict=True))
    asked = (len(found.served) + len(found.refused)) / found.seconds
    share = found.booked_a_second() / best.booked_a_second()
    say(
        f"with {_MANY}, {asked:.0f} tries a second: {found.booked_a_second():.0f} bookings a second, {share:.2f} of "
        f"the best, p99 {_ms(found.served):.0f} ms; {len(found.refused)} refused, p99 {_ms(found.refused):.0f} ms; "
        f"{found.broken} got no answer"
    )
    say(
        f"health asked {len(watched.seen)} times, always green, slowest {watched.slowest:.2f} s; memory +{grown:.0f} MB"
    )
    assert set(watched.seen) == {200}, watched.seen
    assert share >= _LEAST
    assert found.refused, "it was not too much for it"
    assert max(_ms(found.refused), _ms(found.served)) < _LONGEST_MS
    assert grown < _MOST_GROWTH_MB
    _promises(city, made, best, found, say)


def _requests(made: dict[str, Any]) -> Iterator[bytes]:
    for number, (citizen, slot) in enumerate(zip(made["citizens"], itertools.cycle(made["slots"]), strict=False)):
        yield booking(citizen, slot, key=f"crowd-{slot}-{number:09}")


def _ms(seconds: list[float]) -> float:
    ordered = sorted(seconds)
    return ordered[int(len(ordered) * 0.99)] * 1000 if ordered else 0.0


def _promises(city: BehindNginx, made: dict[str, Any], best: Crowd, found: Crowd, say: Callable[[str], None]) -> None:
    rush = Rush(city, made["citizens"], made["slots"], seconds=0)
    found.references.extend(best.references)
    found.statuses.update(best.statuses)
    rush.results.append(found.as_result())
    promises_hold(city, rush, say)


class _Watched:
    """Asks for the city's health through nginx, as a load balancer does, for as long as something is done to it."""

    def __init__(self, city: BehindNginx) -> None:
        self.city, self.seen, self.slowest = city, list[int](), 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "_Watched":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        for path in itertools.cycle(("/health/live", "/health/ready")):
            if self._over.wait(0.25):
                return
            status, took = health(self.city.port, path)
            self.seen.append(status)
            self.slowest = max(self.slowest, took)


CASES = (ten_times_what_it_can_bear,)
