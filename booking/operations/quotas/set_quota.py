"""An administrator sets how many a slot takes, closes it, or opens it again."""

from datetime import datetime

from django.db import transaction

from booking.models import Slot
from booking.operations.once_more import again_if_undone
from booking.operations.quotas.write_slot import Places, lock, set_closed, set_places


@again_if_undone
def set_quota(*, slot_id: int, quota: int, by: int | None, now: datetime) -> Slot:
    """Set the slot's quota by hand and tell the gate after the commit. The same quota again changes nothing.

    Appointments whose place number lies above the new quota get a free number below it; they keep their time.
    Raises NotFound, and QuotaBelowTaken if more places are taken than the new quota has.
    """
    with transaction.atomic():
        slot = lock(slot_id)
        set_places(slot, Places(quota=quota), edited_at=now, by=by, now=now)
    return slot


@again_if_undone
def close_slot(*, slot_id: int, by: int | None, now: datetime) -> Slot:
    """No new appointments in this slot; those that exist stay. A second time changes nothing. Raises NotFound."""
    with transaction.atomic():
        slot = lock(slot_id)
        set_closed(slot, closed=True, by=by, now=now)
    return slot


@again_if_undone
def reopen_slot(*, slot_id: int, by: int | None, now: datetime) -> Slot:
    """Take appointments again. A second time changes nothing. Raises NotFound."""
    with transaction.atomic():
        slot = lock(slot_id)
        set_closed(slot, closed=False, by=by, now=now)
    return slot
