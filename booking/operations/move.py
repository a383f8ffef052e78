"""An appointment goes to another slot: the new place is taken and the old one freed in one transaction."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import Error as LedgerError
from django.db import IntegrityError, transaction

from booking import admission
from booking.admission import GateDown, Try, Verdict
from booking.models import Appointment, EventKind, Message, MessageKind, Slot, Status
from booking.operations.ask_gate import ask_gate, refusal_for
from booking.operations.book import claim_for
from booking.operations.cancel import note, own_appointment, release_on_commit
from booking.operations.refusals import (
    Busy,
    NoChangesLeft,
    NotFound,
    Refusal,
    SlotClosed,
    SlotFull,
    TooLate,
    WrongStatus,
)
from booking.operations.write_bookings import check
from booking.queries.appointments import AppointmentFacts, facts_of
from booking.queries.bookables import bookables
from booking.queries.free_places import free_places
from booking.queries.load_gate import load_slot
from booking.rules.changes import can_move


class _NumberTaken(Exception):
    """The ledger has this number already: the gate was wrong."""


def move(*, account_id: int, reference: str, slot_id: int, request_key: str, now: datetime) -> AppointmentFacts:
    """Move the appointment to the slot, of the same programme; the old place is kept until the new one is certain.

    A repeat that finds it there already changes nothing. Raises NotFound, TooLate, WrongStatus, NoChangesLeft,
    NotEligible, and what booking raises for the new slot.
    """
    row = Appointment.objects.filter(booked_by_id=account_id, reference=reference).select_related("slot").first()
    if row is None:
        raise NotFound(what="appointment")
    _check_slot(row, slot_id, now=now)
    claim = claim_for(account_id, f"move|{reference}|{request_key}")
    for _ in range(3):
        place, newly = _take(slot_id, claim, now=now)
        try:
            moved = _record(account_id, reference, slot_id, place, claim, now=now)
        except _NumberTaken:
            with suppress(GateDown):
                load_slot(slot_id, now=now, again=True)
            continue
        except Refusal:
            if newly:
                _drop(slot_id, claim)
            raise
        except LedgerError as error:
            raise Busy() from error
        if newly and moved.claim != claim:
            # An earlier try has moved it already; the place taken now is one too many.
            _drop(slot_id, claim)
        return facts_of(moved)
    raise Busy()


def _check_slot(row: Appointment, slot_id: int, *, now: datetime) -> None:
    """Refuse by the rules before a place is taken for it."""
    slot = Slot.objects.filter(pk=slot_id).first()
    if slot is None or slot.programme_id != row.programme_id:
        raise NotFound(what="slot")
    if row.slot_id == slot_id:
        return
    if slot.closed_at is not None or slot.starts_at <= now:
        raise SlotClosed()
    bookable = bookables([(UUID(str(row.patient_id)), row.booked_by_id, slot_id)])[0]
    if bookable is None:
        # The patient was removed from the account; the appointment lives on and may still be moved.
        return
    allowed = check(bookable, now=now)
    if isinstance(allowed, Refusal):
        raise allowed


def _take(slot_id: int, claim: str, *, now: datetime) -> tuple[int, bool]:
    try:
        answer = ask_gate(Try(slot_id, claim, settings.GATE["lease"]), now=now)
    except GateDown:
        free = free_places(slot_id, most=1)
        if not free:
            raise SlotFull() from None
        return free[0], False
    if answer.place is None:
        raise refusal_for(answer)
    return answer.place, answer.verdict is Verdict.NEW


def _drop(slot_id: int, claim: str) -> None:
    # Without the gate the lease brings it back.
    with suppress(GateDown):
        admission.drop_hold(slot_id, claim)


def _settle_on_commit(slot_id: int, claim: str, place: int) -> None:
    def settle() -> None:
        # Without the gate: the ledger has it, and reconcile tells the gate when it is back.
        with suppress(GateDown):
            admission.settle_many([(slot_id, claim, place)])

    transaction.on_commit(settle)


def _record(account_id: int, reference: str, slot_id: int, place: int, claim: str, *, now: datetime) -> Appointment:
    try:
        with transaction.atomic():
            row = own_appointment(account_id, reference)
            if row.slot_id == slot_id and row.status == Status.BOOKED:
                return row
            _refuse_late(row, now=now)
            # Both slots, in the order of their keys: two moves in opposite directions then wait, and do not deadlock.
            slots = {slot.pk: slot for slot in _locked_for_share([row.slot_id, slot_id])}
            new = slots[slot_id]
            if new.closed_at is not None or new.starts_at <= now:
                raise SlotClosed()
            if place > new.quota:
                raise _NumberTaken
            old = {"from_slot": row.slot_id, "from_place": row.place}
            release_on_commit(row.slot_id, row.claim)
            _settle_on_commit(slot_id, claim, place)
            row.slot, row.place, row.claim, row.moves = new, place, claim, row.moves + 1
            row.save(update_fields=["slot", "place", "claim", "moves"])
            note(row, EventKind.MOVED, by=account_id, now=now, slot=slot_id, place=place, **old)
            Message.objects.create(
                key=f"MOVED:{reference}:{row.moves}",
                kind=MessageKind.MOVED,
                appointment=row,
                created_at=now,
                due_at=now,
            )
    except IntegrityError as error:
        if broken_constraint(error) == "one_appointment_per_place":
            raise _NumberTaken from error
        raise
    return row


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint that the ledger refused by; its message is for people and may change."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", ""))


def _refuse_late(row: Appointment, *, now: datetime) -> None:
    if row.status != Status.BOOKED:
        raise WrongStatus(status=row.status)
    if not can_move(starts_at=row.slot.starts_at, now=now):
        raise TooLate()
    if row.moves >= settings.MOVES_ALLOWED:
        raise NoChangesLeft()


def _locked_for_share(slot_ids: list[int]) -> list[Slot]:
    return list(
        Slot.objects.raw("SELECT * FROM booking_slot WHERE id = ANY(%s) ORDER BY id FOR SHARE", [sorted(slot_ids)])
    )
