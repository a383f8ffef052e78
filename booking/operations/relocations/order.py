"""Who wants people moved, why, and as part of what."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from booking.models import Appointment, Relocation, RelocationState, Slot, Status


@dataclass(frozen=True, slots=True)
class Order:
    """The decision that appointments cannot stay where they are."""

    by: int
    reason: str
    change_id: UUID | None
    now: datetime


def still_there(current: Appointment, planned: Appointment) -> bool:
    """Whether the locked row still stands where it was when it was looked at."""
    return current.status == Status.BOOKED and current.slot_id == planned.slot_id


def write_down(
    row: Appointment, order: Order, *, old: Slot, new: Slot | None, metres: int | None, state: RelocationState
) -> None:
    """Keep what was done to the appointment, in the caller's transaction."""
    Relocation.objects.create(
        appointment=row,
        change_id=order.change_id,
        from_slot=old,
        to_slot=new,
        distance_m=metres,
        reason=order.reason,
        state=state,
        by_id=order.by,
        made_at=order.now,
    )
