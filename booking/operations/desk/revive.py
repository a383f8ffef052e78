"""A cancelled appointment lives again, because its patient is at the desk and was taken in without the network."""

from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction

from booking import admission
from booking.models import Appointment, EventKind, Status, WalkInSource
from booking.operations.cancel import note
from booking.operations.quotas.write_slot import after_commit, lock
from booking.operations.record_moves import has_another
from booking.operations.refusals import NotFound, SlotClosed, SlotFull
from booking.operations.walk_ins.extra_place import extra_place
from booking.queries.free_places import free_places


def revive(row: Appointment, *, by: int, now: datetime) -> bool:
    """Give the locked, cancelled appointment its place back, or another one; False, and nothing written, if it cannot.

    It cannot where the slot was closed and has no number free, and where its person has another live appointment for
    the dose.
    """
    before = (row.status, row.place, row.cancelled_at, row.restorable_until, row.release_at)
    try:
        with transaction.atomic():
            if row.place is None:
                row.place = _place(row, by=by, now=now)
            row.status = Status.BOOKED
            row.cancelled_at = row.restorable_until = row.release_at = None
            row.save(update_fields=["status", "place", "cancelled_at", "restorable_until", "release_at"])
            note(row, EventKind.RESTORED, by=by, now=now, slot=row.slot_id, place=row.place)
    except (IntegrityError, NotFound, SlotClosed) as error:
        if isinstance(error, IntegrityError) and not has_another(error):
            raise
        row.status, row.place, row.cancelled_at, row.restorable_until, row.release_at = before
        return False
    return True


def _place(row: Appointment, *, by: int, now: datetime) -> int:
    slot = lock(row.slot_id)
    # Nobody else can take it: whoever books waits for the slot.
    if free := free_places(slot.pk, most=1):
        after_commit(slot, lambda: admission.settle_many([(slot.pk, row.claim, free[0])]))
        return free[0]
    with suppress(SlotFull):
        return extra_place(slot.pk, row.claim, WalkInSource.KEPT, by=by, now=now).place
    return extra_place(slot.pk, row.claim, WalkInSource.LATE, by=by, now=now).place
