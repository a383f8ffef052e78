"""Far more people than the installation can serve, each of whom tries again a moment after they were told to wait."""

import contextlib
import heapq
import select
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from booking.rehearsal import wire
from tests.bench import load

_REFUSED = (503, 429)


@dataclass(slots=True)
class _Person:
    request: bytes = b""
    line: socket.socket | None = None
    buffer: bytes = b""
    sent_at: float = 0.0


@dataclass
class Crowd:
    """What came back: seconds of each answer, of the refused and of the others apart."""

    seconds: float = 0.0
    served: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    references: list[str] = field(default_factory=list)
    broken: int = 0

    def booked_a_second(self) -> float:
        """Bookings a second while people came."""
        return self.statuses["201"] / self.seconds

    def as_result(self) -> load.Result:
        """The same for those who check the promises."""
        latencies = self.served + self.refused
        return load.Result(
            seconds=self.seconds,
            latencies=latencies,
            statuses=self.statuses,
            references=self.references,
            broken=self.broken,
        )


def crowd(address: tuple[str, int], requests: Iterator[bytes], *, people: int, seconds: float, pause: float) -> Crowd:
    """So many people at once, who go on for so many seconds; nobody begins anew after that, and all are answered."""
    return _Running(address, requests, people, seconds, pause).run()


class _Running:
    def __init__(
        self, address: tuple[str, int], requests: Iterator[bytes], people: int, seconds: float, pause: float
    ) -> None:
        self.address, self.requests, self.pause, self.seconds = address, requests, pause, seconds
        self.people = [_Person() for _ in range(people)]
        self.poll = select.epoll()
        self.by_file: dict[int, int] = {}
        self.found = Crowd()
        started = time.perf_counter()
        self.until = started + seconds
        # They come within a second, not in one instant.
        self.due = [(started + number / people, number) for number in range(people)]

    def run(self) -> Crowd:
        while (now := time.perf_counter()) < self.until + 30:
            while self.due and self.due[0][0] <= now < self.until:
                self._send(heapq.heappop(self.due)[1])
                now = time.perf_counter()
            if now >= self.until and not self.by_file:
                break
            for file, _event in self.poll.poll(0.005):
                self._read(self.by_file[file])
        self.found.seconds = self.seconds
        for person in self.people:
            if person.line is not None:
                person.line.close()
        self.poll.close()
        return self.found

    def _send(self, number: int) -> None:
        person = self.people[number]
        person.request = person.request or next(self.requests, b"")
        if not person.request:
            return
        person.sent_at, person.buffer = time.perf_counter(), b""
        try:
            if person.line is None:
                person.line = socket.create_connection(self.address, timeout=10)
            person.line.sendall(person.request)
        except OSError:
            self._again(number, broken=True)
            return
        self.by_file[person.line.fileno()] = number
        self.poll.register(person.line.fileno(), select.EPOLLIN)

    def _read(self, number: int) -> None:
        person = self.people[number]
        assert person.line is not None
        try:
            data = person.line.recv(65536)
        except OSError:
            data = b""
        person.buffer += data
        answer = wire.received(person.buffer)
        if data and answer is None:
            return
        self._stop_listening(person.line)
        if answer is None:
            self._again(number, broken=True)
            return
        self._count(person, answer)
        if wire.closes(answer.head):
            person.line.close()
            person.line = None
        self._again(number, refused=answer.status in _REFUSED)

    def _count(self, person: _Person, answer: wire.Received) -> None:
        took = time.perf_counter() - person.sent_at
        (self.found.refused if answer.status in _REFUSED else self.found.served).append(took)
        self.found.statuses[wire.name_of(answer.status, answer.body)] += 1
        if answer.status == 201:
            self.found.references.append(wire.member(answer.body, b"reference"))

    def _again(self, number: int, *, broken: bool = False, refused: bool = False) -> None:
        person = self.people[number]
        if broken:
            self.found.broken += 1
            if person.line is not None:
                person.line.close()
                person.line = None
        if not (broken or refused):
            person.request = b""
        heapq.heappush(self.due, (time.perf_counter() + (self.pause if broken or refused else 0.0), number))

    def _stop_listening(self, closing: socket.socket) -> None:
        self.by_file.pop(closing.fileno(), None)
        with contextlib.suppress(OSError):
            self.poll.unregister(closing.fileno())
