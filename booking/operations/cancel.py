"""A citizen gives a place up, and may take that back for a while."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from booking import enqueue
from booking.models import Appointment, EventKind, Message, MessageKind, RelocationState, Status
from booking.operations.counted import counted
from booking.operations.freed_places.pass_on import pass_on
from booking.operations.freed_places.to_everybody import to_everybody
from booking.operations.history import note
from booking.operations.once_more import again_if_undone
from booking.operations.refusals import AlreadyBooked, NotEligible, SlotClosed, TooLate, WrongStatus
from booking.operations.releases.pausing import refuse_if_paused, refuse_if_paused_in_the_ledger
from booking.operations.relocations.answers import ask_again, settle
from booking.operations.series import later_of, locked_series
from booking.queries.appointments import AppointmentFacts, facts_after
from booking.queries.bookables import bookables
from booking.rules.changes import CANCEL_REASONS, can_cancel, restorable_until
from booking.rules.eligibility import badly_spaced


@counted("cancel")
@again_if_undone
def cancel(*, account_id: int, reference: str, now: datetime, reason: str = "") -> AppointmentFacts:
    """Give the appointment up; a second time changes nothing. The place stays the patient's for the undo window.

    The account's later doses of the series go with it: without the dose before they could not be given. A place that
    the city chose is declined by it. `reason` is one of rules.changes.CANCEL_REASONS, or nothing. Raises NotFound;
    TooLate once the slot has begun; WrongStatus after check-in.
    """
    if reason and reason not in CANCEL_REASONS:
        raise ValueError("not a reason")
    with transaction.atomic():
        row, series = locked_series(account_id, reference)
        if row.status == Status.CANCELLED:
            return facts_after(row)
        if row.status != Status.BOOKED:
            raise WrongStatus(status=row.status)
        if not can_cancel(starts_at=row.slot.starts_at, now=now):
            raise TooLate()
        facts = {"reason": reason} if reason else {}
        later_ones = later_of(row, series)
        given_up = [_mark(row, until=_undo_until(row, now=now), by=account_id, now=now, **facts)]
        for later in later_ones:
            until = _undo_until(later, now=now)
            given_up.append(_mark(later, until=until, by=account_id, now=now, along_with=row.reference, **facts))
        # All in one go, so that their slots are locked in order.
        pass_on([one for one in given_up if one.restorable_until is None], now=now)
        settle([one.pk for one in (row, *later_ones)], RelocationState.DECLINED, now=now)
        _tell(given_up, now=now)
        return facts_after(row)


def _tell(rows: Sequence[Appointment], *, now: datetime) -> None:
    # One that was restored and is cancelled again is told again, but not twice in one second.
    messages = (
        Message(
            key=f"{MessageKind.CANCELLED}:{row.reference}:{int(now.timestamp())}",
            kind=MessageKind.CANCELLED,
            appointment=row,
            created_at=now,
            due_at=now,
        )
        for row in rows
    )
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    enqueue.send_messages(now=now)


def _undo_until(row: Appointment, *, now: datetime) -> datetime | None:
    return restorable_until(
        starts_at=row.slot.starts_at,
        now=now,
        undo=timedelta(seconds=settings.UNDO_SECONDS),
        no_undo_within=timedelta(seconds=settings.NO_UNDO_WITHIN_SECONDS),
    )


def give_up(row: Appointment, *, until: datetime | None, by: int, now: datetime, **facts: object) -> None:
    """Cancel the locked row; the place is kept for an undo `until` then, or passed on in this transaction."""
    _mark(row, until=until, by=by, now=now, **facts)
    if until is None:
        pass_on([row], now=now)


def take_away(rows: Sequence[Appointment], *, by: int, now: datetime, along_with: str, **facts: object) -> None:
    """Cancel the locked rows because the city wants their slots to take fewer people, or nobody.

    Their places are offered to nobody. All but the one of that reference are cancelled along with it.
    """
    for row in rows:
        along = {} if row.reference == along_with else {"along_with": along_with}
        _mark(row, until=None, by=by, now=now, **facts, **along)
    to_everybody(rows, now=now)


def _mark(row: Appointment, *, until: datetime | None, by: int, now: datetime, **facts: object) -> Appointment:
    row.status = Status.CANCELLED
    row.cancelled_at = now
    row.restorable_until, row.release_at = until, until or now
    row.save(update_fields=["status", "cancelled_at", "restorable_until", "release_at"])
    note(row, EventKind.CANCELLED, by=by, now=now, slot=row.slot_id, place=row.place, **facts)
    if until is not None:
        enqueue.release_places(at=until)
    return row


@counted("restore")
@again_if_undone
def restore(*, account_id: int, reference: str, now: datetime) -> AppointmentFacts:
    """Undo a cancellation within its window; on a live appointment this changes nothing.

    Doses that were cancelled by the same act come back with it. Raises NotFound; TooLate after the window; SlotClosed;
    AlreadyBooked if the patient has taken another place meanwhile; NotEligible if the dose no longer follows the one
    before it; Paused.
    """
    refuse_if_paused()
    try:
        with transaction.atomic():
            row, series = locked_series(account_id, reference)
            if row.status == Status.BOOKED:
                return facts_after(row)
            if row.status != Status.CANCELLED:
                raise WrongStatus(status=row.status)
            refuse_if_paused_in_the_ledger()
            if not _can_restore(row, now=now):
                raise TooLate()
            if row.slot.closed_at is not None:
                raise SlotClosed()
            back = [one for one in series if one.slot.closed_at is None and _can_restore(one, now=now)]
            if row.cancelled_at is not None:
                ask_again([one.pk for one in back], answered_at=row.cancelled_at)
            for one in back:
                one.status = Status.BOOKED
                one.cancelled_at = one.restorable_until = one.release_at = None
                one.save(update_fields=["status", "cancelled_at", "restorable_until", "release_at"])
                note(one, EventKind.RESTORED, by=account_id, now=now, slot=one.slot_id, place=one.place)
            for one in back:
                _refuse_out_of_order(one, account_id)
            return facts_after(row)
    except IntegrityError:
        # one_live_appointment_per_person_and_dose is the only constraint that this update can meet.
        raise AlreadyBooked(reference=None) from None


def _can_restore(row: Appointment, *, now: datetime) -> bool:
    if row.status != Status.CANCELLED:
        return False
    return row.place is not None and row.restorable_until is not None and now < row.restorable_until


def _refuse_out_of_order(row: Appointment, account_id: int) -> None:
    """While it was cancelled, the dose before it may have moved or been cancelled too."""
    found = bookables([(row.patient_id, account_id, row.slot_id)])[0]  # type: ignore[list-item]
    if found is None:
        # The patient was removed from the account; nobody can have changed the series meanwhile.
        return
    refused = badly_spaced(found.slot.rules, found.person, row.dose, on=found.slot.day)
    if refused is not None:
        raise NotEligible(reason=refused.reason, from_date=refused.from_date)
