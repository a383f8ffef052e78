"""Asking the gate for a place, together with everybody who asks at the same time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from booking import admission
from booking.admission import Answer, GateDown, Try, Verdict
from booking.models.sessions import let_go
from booking.operations.grouping import Grouped
from booking.operations.refusals import Busy, HoldExpired, NotFound, NotOpen, Refusal, SlotClosed, SlotFull
from booking.queries.load_gate import load_slot

_admit_grouped = Grouped[Try, Answer | GateDown](admission.admit_many, most=200, counted_as="gate")


def _admit(wish: Try) -> Answer:
    answer = _admit_grouped(wish)
    if isinstance(answer, GateDown):
        # The part of the gate that has this slot is gone; the others of the group were answered.
        raise GateDown from answer
    return answer


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that stands in Redis too: its strings are read on the way to the gate, not on a way of their own.

    `refuses` gets what stood at `keys`, or None for each where the gate did not answer.
    """

    keys: tuple[str, ...]
    refuses: Callable[[Sequence[bytes | None]], bool]


def ask_gate(wish: Try, *, now: datetime) -> Answer:
    """The gate's answer; loads the slot first if need be.

    Raises GateDown, NotFound for a slot that does not exist, and Busy if the slot cannot be loaded.
    """
    answer = _admit(wish)
    if answer.verdict is Verdict.UNKNOWN:
        if not load_slot(wish.slot_id, now=now):
            raise NotFound(what="slot")
        let_go()
        answer = _admit(wish)
        if answer.verdict is Verdict.UNKNOWN:
            raise Busy()
    return answer


def refusal_for(answer: Answer) -> Refusal:
    """The gate's no, by name."""
    if answer.verdict is Verdict.NOT_OPEN:
        opens_at = datetime.fromtimestamp((answer.opens_ms or 0) / 1000, tz=timezone.get_default_timezone())
        return NotOpen(opens_at=opens_at)
    if answer.verdict is Verdict.CLOSED:
        return SlotClosed()
    if answer.verdict is Verdict.LOST:
        return HoldExpired()
    return SlotFull()
