"""What is asked of everybody who would take a place, before the gate and without SQL."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from booking.operations.queues.let_in import refuse_out_of_queue
from booking.operations.releases.brought import Brought
from booking.operations.touts.locked import refuse_if_locked


def refuse_at_the_door(*, account_id: int, wishes: Sequence[tuple[UUID, int]], brought: Brought, now: datetime) -> None:
    """Raise what keeps the account from taking places for these (patient, slot) now.

    `wishes` are those for which nothing is held yet: whoever holds a place was let in when they took it.
    """
    refuse_if_locked(account_id)
    refuse_out_of_queue(wishes, brought, now=now)
