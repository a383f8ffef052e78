"""A place outside the quota, for somebody who is at the site or soon will be: a walk-in, a leftover dose, another day.

Giving one out means a quota one higher, and one fewer kept where it comes from those that are kept for walk-ins. The
new number is the quota's own, so nobody who books can have it. What nobody booked of a slot that has begun is given out
as it is: a free number of the quota.
"""

from dataclasses import dataclass
from datetime import datetime

from booking import admission
from booking.models import Slot, SlotEvent, SlotEventKind, WalkInSource
from booking.operations.quotas.write_slot import after_commit, lock
from booking.operations.refusals import SlotClosed, SlotFull
from booking.queries.free_places import free_places


@dataclass(frozen=True, slots=True)
class ExtraPlace:
    """The slot, locked until the transaction ends, and the number in it that is the claim's."""

    slot: Slot
    place: int
    claim: str


def extra_place(slot_id: int, claim: str, source: WalkInSource, *, by: int | None, now: datetime) -> ExtraPlace:
    """Make a place of the slot's, in the caller's transaction, in which an appointment with its number is written too.

    `claim` is what the gate will know that appointment by. Once the transaction has committed the gate is told and what
    is kept of the site's slots is forgotten. Raises NotFound, SlotClosed, and SlotFull if none is kept any more from
    which it was to come.
    """
    slot = lock(slot_id)
    if slot.closed_at is not None:
        raise SlotClosed()
    if source == WalkInSource.UNBOOKED:
        return _unbooked(slot, claim, now=now)
    facts = {"from": slot.quota, "to": slot.quota + 1, "source": source.value}
    if source == WalkInSource.KEPT:
        if not slot.kept_walk_in:
            raise SlotFull()
        facts["walk_in"] = {"from": slot.kept_walk_in, "to": slot.kept_walk_in - 1}
        slot.kept_walk_in -= 1
    slot.quota += 1
    slot.save(update_fields=["quota", "kept_walk_in"])
    SlotEvent.objects.create(slot=slot, kind=SlotEventKind.WALK_IN, at=now, by_id=by, facts=facts)
    given = ExtraPlace(slot, slot.quota, claim)
    after_commit(slot, lambda: tell_the_gate(slot.pk, claim, given.place))
    return given


def _unbooked(slot: Slot, claim: str, *, now: datetime) -> ExtraPlace:
    # The slot is locked and has begun: nobody who books can take the number meanwhile.
    free = free_places(slot.pk, most=1) if slot.starts_at <= now else []
    if not free:
        raise SlotFull()
    after_commit(slot, lambda: admission.settle_many([(slot.pk, claim, free[0])]))
    return ExtraPlace(slot, free[0], claim)


def tell_the_gate(slot_id: int, claim: str, place: int) -> None:
    """Push that the new place is the claim's, and the quota. Raises GateDown."""
    # First whose the number is: when the gate's quota reaches it, it is not free for a moment.
    admission.settle_many([(slot_id, claim, place)])
    # Two that were given in one moment may tell the gate in either order; whoever tells it last has looked last.
    told = None
    while (quota := Slot.objects.values_list("quota", flat=True).get(pk=slot_id)) != told:
        admission.set_quota(slot_id, quota)
        told = quota
