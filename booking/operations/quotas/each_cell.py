"""Some hundred slots changed one after another, each only if nobody changed it since it was looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db import OperationalError, transaction

from booking.models import Slot, SlotEvent
from booking.operations.quotas.write_slot import lock
from booking.operations.refusals import QuotaBelowTaken


@dataclass(frozen=True, slots=True)
class Cell:
    """A slot as somebody saw it: `seen_event` is the id of its last event then, 0 if it had none."""

    slot_id: int
    seen_event: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one cell."""

    slot_id: int


@dataclass(frozen=True, slots=True)
class Changed(Outcome):
    """It was changed, by these events."""

    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unchanged(Outcome):
    """It was so already."""


@dataclass(frozen=True, slots=True)
class BelowTaken(Outcome):
    """More places are taken than the quota that was asked for; nothing was changed."""

    taken: int


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile(Outcome):
    """Somebody (NULL: the system) changed it since it was looked at, so it was left as it is now."""

    by: int | None
    by_name: str
    at: datetime
    quota: int
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Begun(Outcome):
    """Its time has come: nobody can book it any more, and what it had stays on record."""


@dataclass(frozen=True, slots=True)
class NotNow(Outcome):
    """Others held it for too long; it is worth trying again."""


Seen = TypeVar("Seen", bound=Cell)


@dataclass(frozen=True, slots=True)
class Act(Generic[Seen]):
    """`is_done` says whether a locked slot is as wanted, `do` makes it so and returns its events."""

    is_done: Callable[[Slot, Seen], bool]
    do: Callable[[Slot, Seen], Sequence[SlotEvent]]


def change_each(wanted: Sequence[Seen], act: Act[Seen], *, now: datetime) -> list[Outcome]:
    """Change the cells in the order of their slots, each in a transaction of its own. Raises NotFound.

    A refusal of one does not touch the others, and a repeat of the whole finds most of it done.
    """
    return [_change(cell, act, now) for cell in sorted(wanted, key=lambda cell: cell.slot_id)]


def _change(cell: Seen, act: Act[Seen], now: datetime) -> Outcome:
    try:
        with transaction.atomic():
            slot = lock(cell.slot_id)
            if act.is_done(slot, cell):
                return Unchanged(cell.slot_id)
            if slot.starts_at <= now:
                return Begun(cell.slot_id)
            # Every change of a slot commits an event under the lock that is held here.
            last = SlotEvent.objects.filter(slot=slot).select_related("by").order_by("-pk").first()
            if last is not None and last.pk > cell.seen_event:
                return _meanwhile(slot, last)
            return Changed(cell.slot_id, tuple(event.pk for event in act.do(slot, cell)))
    except QuotaBelowTaken as refusal:
        return BelowTaken(cell.slot_id, refusal.facts["taken"])
    except OperationalError:
        return NotNow(cell.slot_id)


def _meanwhile(slot: Slot, event: SlotEvent) -> ChangedMeanwhile:
    name = event.by.known_as() if event.by else ""
    return ChangedMeanwhile(slot.pk, event.by_id, name, event.at, slot.quota, slot.closed_at is not None)
