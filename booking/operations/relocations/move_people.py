"""Appointments that lose their place by the city's doing go to an equal or better one, or are cancelled and told."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from booking import enqueue
from booking.models import Appointment, ChangeKind, QuotaChange, Status, WithAppointments
from booking.operations.refusals import Busy
from booking.operations.relocations.cancel_by_city import cancel_by_city
from booking.operations.relocations.candidates import Candidates
from booking.operations.relocations.give_place import Outcome, give_place
from booking.operations.relocations.order import Order

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Moved:
    """What became of each appointment, by its key."""

    moved: list[int] = field(default_factory=list)
    # Cancelled because that was asked for, or because there was no place good enough.
    cancelled: list[int] = field(default_factory=list)
    # Meanwhile gone, moved or checked in by themselves, or not decided for now: nothing was done to them.
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
    """Move or cancel these appointments and tell their people; KEEP does nothing. Safe to run again.

    Only who is booked into a slot that has not begun, and that is closed or that the change takes people from, is
    touched: so whoever has been moved, by us or by themselves, is left alone the next time. Earlier doses go first, and
    among them whoever booked first.
    """
    done = Moved()
    order = Order(by, reason, change_id, now)
    change = QuotaChange.objects.filter(pk=change_id).first() if change_id else None
    shortened = set(change.summary.get("moved_from", ())) if change else set()
    candidates = Candidates(without_sites=_closing(change), without_slots=shortened, now=now)
    for row in _without_a_place(appointment_ids, shortened, now=now) if choice != WithAppointments.KEEP else ():
        _deal_with(row, choice, candidates, order, done)
    dealt_with = {*done.moved, *done.cancelled}
    done.left = [pk for pk in appointment_ids if pk not in dealt_with]
    if dealt_with:
        enqueue.send_messages(now=now)
    return done


def _without_a_place(appointment_ids: Sequence[int], shortened: Collection[int], *, now: datetime) -> list[Appointment]:
    rows = Appointment.objects.filter(pk__in=appointment_ids, status=Status.BOOKED, slot__starts_at__gt=now)
    rows = rows.filter(Q(slot__closed_at__isnull=False) | Q(slot_id__in=shortened))
    return list(rows.select_related("slot__site").order_by("dose", "pk"))


def _deal_with(row: Appointment, choice: WithAppointments, candidates: Candidates, order: Order, done: Moved) -> None:
    try:
        outcome = give_place(row, candidates, order) if choice == WithAppointments.MOVE else Outcome.NOWHERE
    except Busy:
        # Their old place is still theirs; the administrators see them among those without a new one.
        log.warning("An appointment of slot %d was not moved: nothing was decided.", row.slot_id)
        return
    if outcome is Outcome.MOVED:
        done.moved.append(row.pk)
    elif outcome is Outcome.NOWHERE and cancel_by_city(row, order):
        done.cancelled.append(row.pk)


def _closing(change: QuotaChange | None) -> list[int]:
    """The sites of a closing: those whose turn has not come yet would be closed next."""
    return change.site_ids if change and change.kind == ChangeKind.CLOSE else []
