"""How a slot's numbers are written, whoever changes them: locked, checked, renumbered, noted, told to the gate.

One slot in a transaction. Bookings lock the slots of a group in an order of their own, so whoever locked two here could
block them for good.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from booking import admission
from booking.admission import GateDown
from booking.models import Slot, SlotEvent, SlotEventKind
from booking.operations.freed_places.withdraw import make_room, withdraw_all
from booking.operations.quotas.renumber import renumber
from booking.operations.refusals import NotFound, QuotaBelowTaken
from booking.queries.availability import forget_site
from booking.queries.taken import taken_in


@dataclass(frozen=True, slots=True)
class Places:
    """How many places of a slot people can book, and how many are kept for whom. None: as many as there are."""

    quota: int | None = None
    walk_in: int | None = None
    community: int | None = None
    doses: int | None = None

    def differ_from(self, slot: Slot) -> bool:
        """Whether the slot has other numbers than these."""
        wanted = (self.quota, self.walk_in, self.community, self.doses)
        have = (slot.quota, slot.kept_walk_in, slot.kept_community, slot.kept_doses)
        return any(one is not None and one != other for one, other in zip(wanted, have, strict=True))


def lock(slot_id: int) -> Slot:
    """The slot's row, until the transaction ends. Raises NotFound, also for a slot that was withdrawn."""
    # FOR UPDATE waits for the bookings of this slot that are being written, and they for this change.
    slot = Slot.objects.standing().select_for_update(of=("self",)).filter(pk=slot_id).first()
    if slot is None:
        raise NotFound(what="slot")
    return slot


def set_places(
    slot: Slot, wanted: Places, *, edited_at: datetime | None, by: int | None, now: datetime, **facts: Any
) -> list[SlotEvent]:
    """Write the numbers into a locked slot; returns the events, none if it had them. `facts` go into each event.

    Appointments whose place number lies above the new quota get a free number below it; they keep their time.
    Raises QuotaBelowTaken, having written nothing, if more places are taken than the new quota has.
    """
    if not wanted.differ_from(slot):
        return []
    events = [*_set_quota(slot, wanted.quota, now=now), *_set_kept(slot, wanted)]
    slot.edited_at = edited_at
    slot.save(update_fields=["quota", "kept_walk_in", "kept_community", "kept_doses", "edited_at"])
    for event in events:
        event.at, event.by_id, event.facts = now, by, {**event.facts, **facts}
    return SlotEvent.objects.bulk_create(events)


def set_closed(slot: Slot, *, closed: bool, by: int | None, now: datetime) -> list[SlotEvent]:
    """Close a locked slot or open it again; returns the event, none if it was so already."""
    if (slot.closed_at is not None) == closed:
        return []
    if closed:
        withdraw_all([slot.pk], now=now)
    slot.closed_at = now if closed else None
    slot.save(update_fields=["closed_at"])
    after_commit(slot, lambda: admission.set_many((), [(slot.pk, closed), (admission.kept_at_gate(slot.pk), closed)]))
    kind = SlotEventKind.CLOSED if closed else SlotEventKind.REOPENED
    return [SlotEvent.objects.create(slot=slot, kind=kind, at=now, by_id=by)]


def after_commit(slot: Slot, push: Callable[[], None]) -> None:
    """Forget what is kept of the site's slots, and push to the gate, once the transaction has committed."""

    def run() -> None:
        forget_site(slot.site_id)
        # Without the gate reconcile pushes what the ledger says.
        with suppress(GateDown):
            push()

    transaction.on_commit(run)


def _set_quota(slot: Slot, quota: int | None, *, now: datetime) -> list[SlotEvent]:
    if quota is None or quota == slot.quota:
        return []
    renumbered = _renumber(slot, quota, now=now) if quota < slot.quota else []
    event = SlotEvent(slot=slot, kind=SlotEventKind.QUOTA_SET, facts={"from": slot.quota, "to": quota})
    slot.quota = quota

    def push() -> None:
        admission.set_quota(slot.pk, quota)
        admission.settle_many(renumbered)

    after_commit(slot, push)
    return [event]


def _set_kept(slot: Slot, wanted: Places) -> list[SlotEvent]:
    changed: dict[str, dict[str, int]] = {}
    for name in ("walk_in", "community", "doses"):
        kept, have = getattr(wanted, name), getattr(slot, f"kept_{name}")
        if kept is not None and kept != have:
            changed[name] = {"from": have, "to": kept}
            setattr(slot, f"kept_{name}", kept)
    if "doses" in changed:
        after_commit(slot, lambda: admission.set_quota(admission.kept_at_gate(slot.pk), slot.kept_doses))
    return [SlotEvent(slot=slot, kind=SlotEventKind.KEPT_SET, facts=changed)] if changed else []


def _renumber(slot: Slot, quota: int, *, now: datetime) -> list[tuple[int, str, int]]:
    make_room({slot.pk: quota}, now=now)
    taken = taken_in([slot.pk]).get(slot.pk, 0)
    if quota < taken:
        raise QuotaBelowTaken(taken=taken)
    return renumber({slot.pk: quota}, now=now)
