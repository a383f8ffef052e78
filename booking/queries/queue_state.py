"""How a queue stands, as everybody may know it: one answer for all who wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from booking import admission
from booking.admission import GateDown
from booking.queries.board import board
from booking.queries.moments import moment, to_the_second
from booking.queries.queues import QueueFacts
from booking.queries.times import window
from booking.rules.queue import let_in_by, look_seconds, spread_seconds

# Where a queue is in its life.
BEFORE, LOBBY, OPEN, OVER, CANCELLED = "before", "lobby", "open", "over", "cancelled"
PHASES = (BEFORE, LOBBY, OPEN, OVER, CANCELLED)


@dataclass(frozen=True, slots=True)
class QueueState:
    """`early` people came before the opening (so far, until `is_counted`) and `behind` after it."""

    queue: QueueFacts
    now: datetime
    phase: str
    early: int
    behind: int
    is_counted: bool
    spread_seconds: int
    look_seconds: tuple[int, int]
    is_sold_out: bool

    def as_json(self) -> dict[str, Any]:
        """For browsers and the city's app, the same bytes for everybody."""
        return {
            "queue": self.queue.queue_id,
            "programme": self.queue.programme_code,
            "state": self.phase,
            "now": to_the_second(self.now),
            "lobby_from": moment(self.queue.lobby_from),
            "opens_at": moment(self.queue.opens_at),
            "ends_at": moment(self.queue.ends_at),
            "people_a_minute": self.queue.people_a_minute,
            "early": self.early,
            "is_counted": self.is_counted,
            "spread_seconds": self.spread_seconds,
            "look_seconds": list(self.look_seconds),
            "is_sold_out": self.is_sold_out,
        }


def phase_of(queue: QueueFacts, *, now: datetime) -> str:
    """Where the queue is in its life."""
    if queue.is_cancelled:
        return CANCELLED
    if now > queue.ends_at:
        return OVER
    if now >= queue.opens_at:
        return OPEN
    return LOBBY if now >= queue.lobby_from else BEFORE


def queue_state(queue: QueueFacts, *, now: datetime) -> QueueState:
    """The queue as it stands; how many stand in it comes from the gate, and without the gate from the last count."""
    phase = phase_of(queue, now=now)
    early, behind = queue.early, queue.behind
    if phase in (LOBBY, OPEN):
        early, behind = _at_the_gate(queue)
    waiting = max(early + behind - let_in_by(now, queue.pace), 0)
    return QueueState(
        queue=queue,
        now=now,
        phase=phase,
        early=early,
        behind=behind,
        is_counted=queue.is_counted,
        spread_seconds=spread_seconds(opens_at=queue.opens_at, now=now),
        look_seconds=look_seconds(waiting),
        is_sold_out=phase == OPEN and _is_sold_out(queue, now=now),
    )


def _at_the_gate(queue: QueueFacts) -> tuple[int, int]:
    try:
        early, behind = admission.count_queue(queue.queue_id)
    except GateDown:
        return queue.early, queue.behind
    return queue.early if queue.is_counted else max(early, queue.early), max(behind, queue.behind)


def _is_sold_out(queue: QueueFacts, *, now: datetime) -> bool:
    # The board is some seconds old, and a queue's first ones must not be sent away by what it said before.
    if now < queue.opens_at + timedelta(seconds=30):
        return False
    first, last = window(timezone.localdate(now))
    rows = board(programme=queue.programme_code, first=first, last=last, now=now)
    return not any(row.places_left for row in rows)
