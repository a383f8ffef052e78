"""A closed-loop load generator: one process, one core, no dependency.

N keep-alive connections each send the next request as soon as the last answer is complete. It talks to loopback only,
is bounded in time and count, and never leaves a request in flight uncounted.
"""

import ipaddress
import select
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from booking.rehearsal.wire import closes, get, member, name_of, post, received

__all__ = ["Result", "get", "post", "run"]


@dataclass
class Result:
    """What came back. Latencies in seconds, in order of arrival; `served` counts answers for each connection.

    With a journal: `arrivals` says for each answer when it came, in seconds from the start, and what it was.
    """

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    served: list[int] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    arrivals: list[tuple[float, str]] = field(default_factory=list)
    broken: int = 0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Latency in milliseconds below which this share of the answers came."""
        if not self.latencies:
            return 0.0
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000

    @property
    def least_served(self) -> float:
        """The least-served connection's answers as a share of the average."""
        average = sum(self.served) / len(self.served) if self.served else 0
        return min(self.served) / average if average else 0.0


class _Connection:
    __slots__ = ("buffer", "number", "sent_at", "socket", "waiting")

    def __init__(self, number: int) -> None:
        self.number = number
        self.socket: socket.socket | None = None
        self.buffer = b""
        self.sent_at = 0.0
        self.waiting = False


def run(
    address: tuple[str, int],
    requests: Iterator[bytes],
    *,
    connections: int,
    seconds: float,
    most: int | None = None,
    journal: bool = False,
) -> Result:
    """Send requests until time, count or iterator ends, then wait for the last answers.

    Raises ValueError for an address that is not loopback.
    """
    if not ipaddress.ip_address(address[0]).is_loopback:
        raise ValueError("The load generator talks to loopback only.")
    return _Run(address, requests, connections, seconds, most, journal).go()


class _Run:
    def __init__(
        self, address: tuple[str, int], requests: Iterator[bytes], connections: int, seconds: float,
        most: int | None, journal: bool,
    ) -> None:  # fmt: skip
        self.address, self.requests, self.most, self.journal = address, requests, most, journal
        self.result = Result(served=[0] * connections)
        self.poll = select.epoll()
        self.by_file: dict[int, _Connection] = {}
        self.all = [_Connection(number) for number in range(connections)]
        self.started = time.perf_counter()
        self.until = self.started + seconds
        self.sent = 0
        self.in_flight = 0

    def go(self) -> Result:
        for connection in self.all:
            self._next(connection)
        while self.in_flight and time.perf_counter() < self.until + 30:
            for file, event in self.poll.poll(1):
                if event & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                    self._read(self.by_file[file])
        self.result.seconds = time.perf_counter() - self.started
        for connection in self.all:
            self._close(connection)
        self.poll.close()
        return self.result

    def _open(self, connection: _Connection) -> socket.socket:
        opened = socket.create_connection(self.address, timeout=10)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.poll.register(opened.fileno(), select.EPOLLIN)
        self.by_file[opened.fileno()] = connection
        connection.socket = opened
        return opened

    def _close(self, connection: _Connection) -> None:
        if connection.socket is not None:
            self.by_file.pop(connection.socket.fileno(), None)
            self.poll.unregister(connection.socket.fileno())
            connection.socket.close()
            connection.socket = None
        connection.buffer = b""

    def _next(self, connection: _Connection) -> None:
        now = time.perf_counter()
        if now >= self.until or (self.most is not None and self.sent >= self.most):
            return
        request = next(self.requests, None)
        if request is None:
            return
        self.sent += 1
        connection.sent_at = now
        for _attempt in range(3):
            try:
                (connection.socket or self._open(connection)).sendall(request)
            except OSError:
                self._close(connection)
                continue
            connection.waiting = True
            self.in_flight += 1
            return
        self.result.broken += 1

    def _read(self, connection: _Connection) -> None:
        assert connection.socket is not None
        try:
            data = connection.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._close(connection)
            if connection.waiting:
                connection.waiting = False
                self.in_flight -= 1
                self.result.broken += 1
                self._next(connection)
            return
        connection.buffer = connection.buffer + data if connection.buffer else data
        answer = received(connection.buffer)
        if answer is None:
            return
        connection.buffer = answer.rest
        connection.waiting = False
        self.in_flight -= 1
        self._count(connection, answer.status, answer.body)
        if closes(answer.head):
            self._close(connection)
        self._next(connection)

    def _count(self, connection: _Connection, status: int, body: bytes) -> None:
        self.result.latencies.append(time.perf_counter() - connection.sent_at)
        self.result.served[connection.number] += 1
        name = name_of(status, body)
        self.result.statuses[name] += 1
        if self.journal:
            self.result.arrivals.append((time.perf_counter() - self.started, name))
            if status == 201:
                self.result.references.append(member(body, b"reference"))
