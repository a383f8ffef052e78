"""Appointments that lose their place by the city's doing go to an equal or better one, or are cancelled and told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from booking.models import WithAppointments


@dataclass(slots=True)
class Moved:
    """What became of each appointment, by its key."""

    moved: list[int] = field(default_factory=list)
    # Cancelled because that was asked for, or because there was no place good enough.
    cancelled: list[int] = field(default_factory=list)
    # Meanwhile gone, moved or checked in by themselves: nothing was done to them.
    left: list[int] = field(default_factory=list)


def move_people(
    *,
    appointment_ids: Sequence[int],
    choice: WithAppointments,
    change_id: UUID | None,
    reason: str,
    by: int,
    now: datetime,
) -> Moved:
    """Move or cancel these appointments and tell their people; KEEP does nothing. Safe to run again."""
    raise NotImplementedError
