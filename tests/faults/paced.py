"""People who go on at a steady pace for as long as something is done to the installation: they book, and they look."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.bench import load
from tests.bench.scenarios import Scenarios
from tests.faults.rush import Rush, booking

_LOOKS = ("/sites/", "/api/v1/districts", "/health/ready", "/", "/api/v1/sites")


@dataclass
class Paced(Rush):
    """A rush in which `bookings` citizens a second try once each, and three times as many requests look around."""

    bookings: int = 100
    ended: bool = field(default=False, init=False)

    def end(self) -> None:
        """No more requests from now on."""
        self.ended = True

    def _run(self) -> None:
        address = ("127.0.0.1", self.city.port)
        requests = self._paced()
        self.results.append(
            load.run(address, requests, connections=self.connections, seconds=self.seconds, journal=True)
        )

    def _paced(self) -> Iterator[bytes]:
        started = time.perf_counter()
        day = Scenarios.day_path({"site": "B0000", "many_programme": "bench-0-many"})
        looks = itertools.cycle((day, *_LOOKS))
        for number, (citizen, slot) in enumerate(zip(self.citizens, itertools.cycle(self.slots), strict=False)):
            if self.ended:
                return
            time.sleep(max(0.0, started + number / self.bookings - time.perf_counter()))
            yield booking(citizen, slot, key=f"paced-{slot}-{number:09}")
            yield load.get(next(looks))
            yield load.get(next(looks), Accept_Language="en")
            # A connection of its own, as most browsers come.
            yield load.get(next(looks), Connection="close")
