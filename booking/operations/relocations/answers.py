"""What becomes of the question whether a new place suits; always in a transaction that has the appointments locked."""

from collections.abc import Collection
from datetime import datetime

from booking.models import Relocation, RelocationState


def settle(appointment_ids: Collection[int], state: RelocationState, *, now: datetime) -> set[int]:
    """Give every open relocation of these appointments this answer; returns the appointments that had one."""
    pending = Relocation.objects.filter(appointment_id__in=appointment_ids, state=RelocationState.PENDING)
    found = set(pending.values_list("appointment_id", flat=True))
    if found:
        pending.update(state=state, answered_at=now)
    return found


def ask_again(appointment_ids: Collection[int], *, answered_at: datetime) -> None:
    """Open the relocations again that were declined at that moment: the cancellation was taken back."""
    declined = Relocation.objects.filter(
        appointment_id__in=appointment_ids, state=RelocationState.DECLINED, answered_at=answered_at
    )
    declined.update(state=RelocationState.PENDING, answered_at=None)
