"""What a rehearsal counts while it runs: for each second, and for each kind of request."""

import time
from collections import Counter
from collections.abc import Iterable

from booking.rehearsal.engine import BROKEN, LEFT, Answer
from booking.rehearsal.wire import name_of

# What an answer was, seen from the person: done, a plain no, come back later, or none that one could use.
DONE, REFUSED, BUSY, ERROR = "done", "refused", "busy", "error"


class Spread:
    """Durations by size, in steps of three in a hundred, so that a million of them need no room."""

    __slots__ = ("count", "counts", "most")

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.count = 0
        self.most = 0.0

    def add(self, seconds: float) -> None:
        """Note one."""
        tenths = int(seconds * 10_000) if seconds > 0 else 0
        shift = max(tenths.bit_length() - 6, 0)
        self.counts[(shift << 6) + (tenths >> shift)] += 1
        self.count += 1
        if seconds > self.most:
            self.most = seconds

    def add_all(self, other: "Spread") -> None:
        """Note what another one has noted."""
        self.counts.update(other.counts)
        self.count += other.count
        self.most = max(self.most, other.most)

    def at(self, share: float) -> float:
        """The duration in seconds that this share of them did not exceed."""
        left = share * self.count
        for index in sorted(self.counts, key=_size):
            left -= self.counts[index]
            if left <= 0:
                return min(_size(index) / 10_000, self.most)
        return self.most

    def figures(self) -> dict[str, float]:
        """Count, median, 95th and 99th percentile and the worst, in seconds."""
        return {
            "count": self.count,
            "p50": round(self.at(0.5), 4),
            "p95": round(self.at(0.95), 4),
            "p99": round(self.at(0.99), 4),
            "worst": round(self.most, 4),
        }


def _size(index: int) -> int:
    # The upper edge, so that nothing is told shorter than it was.
    shift = index >> 6
    return ((index & 63) + 1 << shift) - (shift == 0)


class Second:
    """One second of a rehearsal."""

    __slots__ = ("answers", "arrived", "booked", "cpu", "late", "places_left", "present", "queued", "spread")

    def __init__(self) -> None:
        self.arrived = 0
        self.booked = 0
        self.answers: Counter[str] = Counter()
        self.spread = Spread()
        self.late = 0.0
        self.present = 0
        self.queued = 0
        self.places_left = 0
        self.cpu = 0.0


class Measures:
    """The engine's observer. Seconds count from when it was made."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self._cpu = time.process_time()
        self._cpu_at = self.began
        self.seconds: list[Second] = [Second()]
        self._now = self.seconds[0]
        self.kinds: dict[str, Spread] = {}
        self.names: dict[str, Counter[str]] = {}
        self.outcomes: Counter[str] = Counter()
        # All answers by what they were to the person.
        self.total: Counter[str] = Counter()
        # How late the engine was itself.
        self.lateness = Spread()
        self.people = 0
        self.booked = 0
        # From pressing to the first answer that says yes or no, and to a place.
        self.to_answer, self.to_place = Spread(), Spread()

    def came(self) -> None:
        """Somebody has come."""
        self.people += 1
        self._now.arrived += 1

    def late(self, seconds: float) -> None:
        """The engine did something so long after its moment."""
        self.lateness.add(seconds)
        if seconds > self._now.late:
            self._now.late = seconds

    def answered(self, kind: str, answer: Answer) -> None:
        """Count an answer."""
        group, name = _told(answer)
        if kind not in self.kinds:
            self.kinds[kind], self.names[kind] = Spread(), Counter()
        self.kinds[kind].add(answer.seconds)
        self.names[kind][name] += 1
        self._now.answers[group] += 1
        self.total[group] += 1
        self._now.spread.add(answer.seconds)

    def has_place(self, places: int, seconds: float) -> None:
        """Somebody has so many places, so long after they first pressed."""
        self.booked += places
        self._now.booked += places
        self.to_place.add(seconds)

    def tick(self, *, present: int, queued: int, places_left: int) -> None:
        """A second is over."""
        now, cpu, ended = time.monotonic(), time.process_time(), self._now
        ended.cpu = (cpu - self._cpu) / max(now - self._cpu_at, 0.001)
        self._cpu, self._cpu_at = cpu, now
        ended.present, ended.queued, ended.places_left = present, queued, places_left
        # Where the engine was late by seconds, those are empty.
        while len(self.seconds) <= int(now - self.began):
            self.seconds.append(Second())
        self._now = self.seconds[-1]

    def recent(self, seconds: int = 5) -> Spread:
        """The answers of the last seconds together."""
        return together(second.spread for second in self.seconds[-seconds:])


def together(spreads: Iterable[Spread]) -> Spread:
    """Several as one."""
    found = Spread()
    for spread in spreads:
        found.add_all(spread)
    return found


def _told(answer: Answer) -> tuple[str, str]:
    status = answer.status
    if 200 <= status < 400:
        return DONE, str(status)
    if status == BROKEN:
        return ERROR, "broken"
    if status == LEFT:
        return ERROR, "no answer in time"
    name = name_of(status, answer.body)
    if status in (429, 503):
        return BUSY, name
    return (REFUSED if status < 500 and status not in (400, 401, 404, 405, 415) else ERROR), name
