"""Connections to web machines, kept open and bounded in number, each used by one person at a time."""

import select
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from random import randrange
from typing import Protocol

from booking.rehearsal.wire import Received, closes, received

_IN, _OUT = select.EPOLLIN, select.EPOLLOUT

BROKEN, LEFT = 0, -1


class Asking(Protocol):
    """Somebody who waits for an answer: what they sent, and to which web machine."""

    data: bytes
    machine: int


Answered = Callable[[Asking, int, bytes, bytes], None]


class _Machine:
    __slots__ = ("address", "idle", "most", "open", "waiting")

    def __init__(self, address: tuple[str, int], most: int) -> None:
        self.address = address
        self.most = most
        self.open = 0
        self.idle: deque[_Wire] = deque()
        self.waiting: list[Asking] = []

    def next_waiting(self) -> Asking:
        """Anybody: whose connection comes through when there is room again is chance, as with a full server."""
        chosen = randrange(len(self.waiting))
        self.waiting[chosen], self.waiting[-1] = self.waiting[-1], self.waiting[chosen]
        return self.waiting.pop()


class _Wire:
    __slots__ = ("asking", "buffer", "connecting", "file", "machine", "out", "socket", "used")

    def __init__(self, machine: _Machine, opened: socket.socket, asking: Asking) -> None:
        self.machine = machine
        self.socket = opened
        self.file = opened.fileno()
        self.asking: Asking | None = asking
        self.out = asking.data
        self.buffer = b""
        self.connecting = True
        self.used = False


class Wires:
    """Sends what people ask and gives them their answers. `answered(who, status, head, body)` is called for each."""

    def __init__(self, addresses: Sequence[tuple[str, int]], most: int, answered: Answered) -> None:
        self._machines = [_Machine(address, most) for address in addresses]
        self._answered = answered
        self._poll = select.epoll()
        self._by_file: dict[int, _Wire] = {}

    @property
    def queued(self) -> int:
        """People who want to ask and wait for a free connection."""
        return sum(len(machine.waiting) for machine in self._machines)

    @property
    def open(self) -> int:
        """Connections that are open now."""
        return sum(machine.open for machine in self._machines)

    def ask(self, asking: Asking) -> None:
        """Send it as soon as a connection is free."""
        machine = self._machines[asking.machine]
        if machine.idle:
            self._send(machine.idle.popleft(), asking)
        elif machine.open < machine.most:
            self._open(machine, asking)
        else:
            machine.waiting.append(asking)

    def work(self, seconds: float, most: int) -> None:
        """Wait for at most so long, and deal with at most so many events."""
        for file, event in self._poll.poll(max(seconds, 0), most):
            wire = self._by_file.get(file)
            if wire is not None and (not event & _OUT or self._writable(wire)) and event & ~_OUT:
                self._readable(wire)

    def leave(self, is_late: Callable[[Asking], bool]) -> Iterator[Asking]:
        """Let go of everybody who does not wait any longer: their requests are cut off, as a closed page does."""
        for machine in self._machines:
            late = [asking for asking in machine.waiting if is_late(asking)]
            if late:
                machine.waiting = [asking for asking in machine.waiting if not is_late(asking)]
            yield from late
        for wire in list(self._by_file.values()):
            asking = wire.asking
            if asking is not None and is_late(asking):
                wire.asking = None
                self._close(wire)
                yield asking

    def close(self) -> None:
        """Cut everything off."""
        for machine in self._machines:
            machine.waiting.clear()
        for wire in list(self._by_file.values()):
            self._close(wire)
        self._poll.close()

    def _open(self, machine: _Machine, asking: Asking) -> None:
        opened = socket.socket(socket.AF_INET6 if ":" in machine.address[0] else socket.AF_INET)
        opened.setblocking(False)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.connect_ex(machine.address)
        machine.open += 1
        wire = _Wire(machine, opened, asking)
        self._by_file[wire.file] = wire
        self._poll.register(wire.file, _IN | _OUT)

    def _send(self, wire: _Wire, asking: Asking) -> None:
        wire.asking, data = asking, asking.data
        try:
            sent = wire.socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._lost(wire)
            return
        if sent < len(data):
            wire.out = data[sent:]
            self._poll.modify(wire.file, _IN | _OUT)

    def _writable(self, wire: _Wire) -> bool:
        try:
            if wire.connecting and wire.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise ConnectionError
            wire.connecting = False
            wire.out = wire.out[wire.socket.send(wire.out) :]
        except BlockingIOError:
            return True
        except OSError:
            self._lost(wire)
            return False
        if not wire.out:
            self._poll.modify(wire.file, _IN)
        return True

    def _readable(self, wire: _Wire) -> None:
        try:
            data = wire.socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        wire.buffer = wire.buffer + data if wire.buffer else data
        try:
            answer = received(wire.buffer) if data else None
        except ValueError:
            answer, data = None, b""
        if not data:
            self._lost(wire)
        elif answer is not None:
            self._complete(wire, answer)

    def _complete(self, wire: _Wire, answer: Received) -> None:
        asking, wire.asking = wire.asking, None
        wire.buffer, wire.used = b"", True
        # Whoever sends more than was asked for is not understood any more.
        if asking is None or answer.rest or closes(answer.head):
            self._close(wire)
        elif wire.machine.waiting:
            self._send(wire, wire.machine.next_waiting())
        else:
            wire.machine.idle.append(wire)
        if asking is not None:
            self._answered(asking, answer.status, answer.head, answer.body)

    def _lost(self, wire: _Wire) -> None:
        asking, wire.asking = wire.asking, None
        again = wire.used and not wire.buffer
        self._close(wire)
        if asking is None:
            return
        if again:
            # A kept connection that the server closed in that moment: once more on a new one, as browsers do.
            self._open(wire.machine, asking)
        else:
            self._answered(asking, BROKEN, b"", b"")

    def _close(self, wire: _Wire) -> None:
        machine = wire.machine
        del self._by_file[wire.file]
        self._poll.unregister(wire.file)
        wire.socket.close()
        machine.open -= 1
        if wire in machine.idle:
            machine.idle.remove(wire)
        if machine.waiting:
            self._open(machine, machine.next_waiting())
