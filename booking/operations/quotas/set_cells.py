"""An administrator sets the numbers of some hundred slots of the calendar at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.models import Slot, SlotEvent
from booking.operations.quotas.each_cell import Act, Cell, Outcome, change_each
from booking.operations.quotas.write_slot import Places, set_closed, set_places


@dataclass(frozen=True, slots=True)
class CellChange(Cell):
    """What a slot shall have; None leaves a number as it is."""

    quota: int | None = None
    kept_walk_in: int | None = None
    kept_community: int | None = None
    kept_doses: int | None = None

    @property
    def places(self) -> Places:
        """The numbers alone."""
        return Places(self.quota, self.kept_walk_in, self.kept_community, self.kept_doses)


def set_cells(*, wanted: Sequence[CellChange], by: int | None, now: datetime) -> list[Outcome]:
    """Set each slot's numbers by hand, unless fewer than are taken or changed meanwhile. Raises NotFound."""

    def do(slot: Slot, cell: CellChange) -> Sequence[SlotEvent]:
        # Whoever takes this back also takes back that it differs from its plan.
        first = {"first_edit": True} if slot.edited_at is None else {}
        return set_places(slot, cell.places, edited_at=now, by=by, now=now, **first)

    return change_each(wanted, Act(lambda slot, cell: not cell.places.differ_from(slot), do), now=now)


def close_cells(*, wanted: Sequence[Cell], by: int | None, now: datetime) -> list[Outcome]:
    """No new appointments in these slots; those that exist stay. Not in those changed meanwhile. Raises NotFound."""
    return _close(wanted, True, by=by, now=now)


def reopen_cells(*, wanted: Sequence[Cell], by: int | None, now: datetime) -> list[Outcome]:
    """Take appointments in these slots again, unless they were changed meanwhile. Raises NotFound."""
    return _close(wanted, False, by=by, now=now)


def _close(wanted: Sequence[Cell], closed: bool, *, by: int | None, now: datetime) -> list[Outcome]:
    def is_done(slot: Slot, _cell: Cell) -> bool:
        return (slot.closed_at is not None) == closed

    def do(slot: Slot, _cell: Cell) -> Sequence[SlotEvent]:
        return set_closed(slot, closed=closed, by=by, now=now)

    return change_each(wanted, Act(is_done, do), now=now)
