"""What is measured: for each scenario, the requests it sends and how many of them at the most."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench import load

API = "/api/v1"
HOT_QUOTA = 5000


@dataclass(frozen=True)
class Scenario:
    """`requests(round)` gives the requests of one run; `most` bounds their number; `expected` is the usual answer."""

    name: str
    about: str
    requests: Callable[[dict[str, Any]], Iterator[bytes]]
    expected: str
    most: int | None = None
    own_round: bool = False


class Scenarios:
    """All scenarios, over the citizens and rounds that `fill` made."""

    def __init__(self, filled: dict[str, Any]) -> None:
        self.citizens: list[tuple[str, str]] = filled["citizens"]
        self._key = itertools.count()
        self.etag = ""

    def all(self) -> list[Scenario]:
        """In the order in which they alternate."""
        appointments, baseline = f"{API}/appointments", f"{API}/bench/baseline"
        hot = HOT_QUOTA - 300
        people = len(self.citizens) - 1
        trivial_post = load.post(f"{API}/bench/trivial")
        trivial_get = load.get(f"{API}/bench/trivial")
        return [
            Scenario("trivial POST", "(a) ceiling", lambda r: itertools.repeat(trivial_post), "200"),
            Scenario("trivial GET", "(a) ceiling", lambda r: itertools.repeat(trivial_get), "200"),
            Scenario("booked, 1,000 slots", "(b)", lambda r: self._book(appointments, r["many"]), "201", people, True),
            Scenario("booked, one slot", "(c)", lambda r: self._book(appointments, r["hot"]), "201", hot, True),
            Scenario("refused, sold out", "(d)", lambda r: self._book(appointments, r["full"]), "409 slot_full"),
            Scenario("availability, a day", "(e)", self._availability, "200"),
            Scenario("availability, 304", "(e)", self._not_modified, "304"),
            Scenario("page: a district's sites", "(g)", self._site_list, "200"),
            Scenario("baseline, 1,000 slots", "(f)", lambda r: self._book(baseline, r["many"]), "201", people, True),
            Scenario("baseline, one slot", "(f)", lambda r: self._book(baseline, r["hot"]), "201", hot, True),
            Scenario("baseline, sold out", "(f)", lambda r: self._book(baseline, r["full"]), "409 slot_full"),
        ]

    def _book(self, path: str, slots: list[int]) -> Iterator[bytes]:
        for (token, patient), slot in zip(itertools.cycle(self.citizens), itertools.cycle(slots), strict=False):
            body = b'{"slot": %d, "patient": "%s"}' % (slot, patient.encode())
            key = f"bench-{next(self._key):012}"
            yield load.post(path, body, Authorization=f"Bearer {token}", Idempotency_Key=key)

    @staticmethod
    def day_path(round_: dict[str, Any]) -> str:
        """A site's slots of one day."""
        day = (datetime.now(UTC) + timedelta(days=2, hours=8)).date()
        programme = round_["many_programme"]
        return f"{API}/sites/{round_['site']}/slots?programme={programme}&from={day}&to={day}"

    def _availability(self, round_: dict[str, Any]) -> Iterator[bytes]:
        return itertools.repeat(load.get(self.day_path(round_)))

    def _site_list(self, round_: dict[str, Any]) -> Iterator[bytes]:
        path = f"/sites/?district=430102&programme={round_['many_programme']}"
        return itertools.repeat(load.get(path, Accept_Encoding="gzip"))

    def _not_modified(self, round_: dict[str, Any]) -> Iterator[bytes]:
        return itertools.repeat(load.get(self.day_path(round_), If_None_Match=self.etag))
