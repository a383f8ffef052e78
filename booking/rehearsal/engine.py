"""Thousands of people over one epoll: each does what its generator yields, and one process drives them all.

The load is open: people come when the plan says, however slow the answers are, and what somebody waits counts from the
moment in which they meant to ask, whether or not a connection was free then. So a system that stalls is not asked less,
and the stall is in the figures. The engine tells how late it was itself; more than a little, and they are its own.

A person yields seconds to think (a float) or an `Ask`, and is sent the `Answer`.
"""

import heapq
import itertools
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Protocol

from booking.rehearsal.wires import BROKEN, LEFT, Wires

__all__ = ["BROKEN", "LEFT", "Answer", "Arrival", "Ask", "Engine", "Observer", "Steps"]

# So many events or timers between two looks at the clock: a longer turn would make its last ones late by itself.
_A_TURN = 128
_LOOK_FOR_LATE = 0.25


class Ask:
    """One request: what it counts as, its bytes, and after how many seconds its person stops waiting."""

    __slots__ = ("data", "kind", "patience")

    def __init__(self, kind: str, data: bytes, patience: float = 20.0) -> None:
        self.kind = kind
        self.data = data
        self.patience = patience


class Answer:
    """What came back. `status` is BROKEN where the connection failed, LEFT where the person stopped waiting."""

    __slots__ = ("body", "head", "seconds", "status")

    def __init__(self, status: int, head: bytes, body: bytes, seconds: float) -> None:
        self.status = status
        self.head = head
        self.body = body
        self.seconds = seconds


Steps = Generator[Any, Any, None]


class Arrival:
    """Somebody who comes at a moment of the engine's clock, to one of the web machines, and what they then do."""

    __slots__ = ("at", "begin", "machine")

    def __init__(self, at: float, begin: Callable[[], Steps], machine: int = 0) -> None:
        self.at = at
        self.begin = begin
        self.machine = machine


class Observer(Protocol):
    """Who is told what happens."""

    def came(self) -> None:
        """Somebody has come."""

    def answered(self, kind: str, answer: Answer) -> None:
        """A person has an answer, or has none and knows it."""

    def late(self, seconds: float) -> None:
        """The engine did something so long after its moment."""


class _Person:
    __slots__ = ("ask", "data", "due", "machine", "steps")

    def __init__(self, steps: Steps, machine: int) -> None:
        self.steps = steps
        self.machine = machine
        # When the person meant to do what is being done now.
        self.due = 0.0
        self.ask: Ask | None = None
        self.data = b""


class Engine:
    """Drives people against web machines. `connections` is the most that are open to each."""

    def __init__(self, addresses: Sequence[tuple[str, int]], observer: Observer, *, connections: int = 1500) -> None:
        self._observer = observer
        self.wires = Wires(addresses, connections, self._answer)
        self._timers: list[tuple[float, int, _Person | None]] = []
        self._number = itertools.count()
        self._arrivals: Iterator[Arrival] = iter(())
        self._next: Arrival | None = None
        self.clock = time.monotonic
        # People who have come and have not gone.
        self.present = 0
        self.stopping = False

    def run(self, arrivals: Iterator[Arrival], *, until: float, each_second: Callable[[], None]) -> None:
        """Let people come as `arrivals` says (in order of time) until everybody has gone, or until that moment."""
        self._arrivals = arrivals
        self._expect()
        clock, timers = self.clock, self._timers
        second = look = clock()
        try:
            while (timers or self.present) and not self.stopping:
                now = clock()
                if now >= until:
                    break
                if now >= second:
                    second = max(second + 1, now)
                    each_second()
                if now >= look:
                    look = now + _LOOK_FOR_LATE
                    self._let_go(now)
                self._due(now)
                next_due = timers[0][0] if timers else second
                self.wires.work(min(next_due, second, look) - clock(), _A_TURN)
        finally:
            self.wires.close()

    def _let_go(self, now: float) -> None:
        for asking in self.wires.leave(lambda one: _is_late(one, now)):
            self._answer(asking, LEFT, b"", b"")

    def _expect(self) -> None:
        self._next = next(self._arrivals, None)
        if self._next is not None:
            heapq.heappush(self._timers, (self._next.at, next(self._number), None))

    def _due(self, now: float) -> None:
        timers = self._timers
        for _ in range(_A_TURN):
            if not timers or timers[0][0] > now:
                return
            due, _number, person = heapq.heappop(timers)
            self._observer.late(self.clock() - due)
            if person is None:
                assert self._next is not None
                come = self._next
                self._expect()
                self.present += 1
                self._observer.came()
                person = _Person(come.begin(), come.machine)
            self._go_on(person, None, due)

    def _go_on(self, person: _Person, answer: Answer | None, due: float) -> None:
        try:
            step = person.steps.send(answer)
        except StopIteration:
            self.present -= 1
            return
        person.due = due
        if type(step) is Ask:
            person.ask, person.data = step, step.data
            self.wires.ask(person)
        else:
            heapq.heappush(self._timers, (due + step, next(self._number), person))

    def _answer(self, person: Any, status: int, head: bytes, body: bytes) -> None:
        now = self.clock()
        answer = Answer(status, head, body, now - person.due)
        kind, person.ask = person.ask.kind, None
        self._observer.answered(kind, answer)
        self._go_on(person, answer, now)


def _is_late(person: Any, now: float) -> bool:
    return person.ask is not None and now - person.due > person.ask.patience
