"""A cancelled appointment lives again, because its patient is at the desk and was taken in without the network."""

from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction

from booking import admission
from booking.models import Appointment, EventKind, Status, WalkInSource
from booking.operations.book import claim_for
from booking.operations.freed_places.holder import hold_number
from booking.operations.history import note
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
    before = (row.status, row.place, row.cancelled_at, row.restorable_until, row.release_at, row.kept_for)
    try:
        with transaction.atomic():
            if row.kept_for_id is not None:
                _keep_another(row, by=by, now=now)
            if row.place is None:
                row.place = _number(row.slot_id, row.claim, by=by, now=now)
            row.status = Status.BOOKED
            row.cancelled_at = row.restorable_until = row.release_at = row.kept_for = None
            row.save(update_fields=["status", "place", "cancelled_at", "restorable_until", "release_at", "kept_for"])
            note(row, EventKind.RESTORED, by=by, now=now, slot=row.slot_id, place=row.place)
    except (IntegrityError, NotFound, SlotClosed) as error:
        if isinstance(error, IntegrityError) and not has_another(error):
            raise
        row.status, row.place, row.cancelled_at, row.restorable_until, row.release_at, row.kept_for = before
        return False
    return True


def _number(slot_id: int, claim: str, *, by: int, now: datetime) -> int:
    """A number of the slot for the claim: a free one, one that is kept for walk-ins, or one more than the quota."""
    slot = lock(slot_id)
    # Nobody else can take it: whoever books waits for the slot.
    if free := free_places(slot.pk, most=1):
        after_commit(slot, lambda: admission.settle_many([(slot.pk, claim, free[0])]))
        return free[0]
    with suppress(SlotFull):
        return extra_place(slot.pk, claim, WalkInSource.KEPT, by=by, now=now).place
    return extra_place(slot.pk, claim, WalkInSource.LATE, by=by, now=now).place


def _keep_another(row: Appointment, *, by: int, now: datetime) -> None:
    """The number is offered to somebody of the waitlist: they get another one, and this one is the row's again."""
    stand_in = f"stand-in {row.kept_for_id} {row.place}"
    claim = claim_for(row.booked_by_id, stand_in)
    holder = hold_number(row.slot_id, _number(row.slot_id, claim, by=by, now=now), claim, row.programme_id, now=now)
    holder.kept_for_id, holder.release_at = row.kept_for_id, row.release_at
    holder.save(update_fields=["kept_for", "release_at"])
