"""Somebody who is due for a later dose books one of the places that their full slot keeps for it.

One fewer is kept and the quota is one higher; the new number is theirs, so nobody else can have it.
"""

from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import Error as LedgerError
from django.db import transaction

from booking import admission
from booking.admission import GateDown, Try, Verdict
from booking.models import Slot, SlotEvent, SlotEventKind
from booking.models.sessions import let_go
from booking.operations.ask_gate import ask_gate, refusal_for
from booking.operations.explain import explain
from booking.operations.quotas.write_slot import after_commit, lock
from booking.operations.refusals import Busy, Refusal, SlotClosed, SlotFull
from booking.operations.walk_ins.extra_place import tell_the_gate
from booking.operations.write_bookings import Placed, Request, Written, write_rows
from booking.queries.appointments import AppointmentFacts
from booking.queries.load_gate import load_slot


def book_kept(request: Request, *, now: datetime) -> AppointmentFacts:
    """Book the place that is held, or one that nobody has; a repeat gets the appointment of the earlier try.

    Raises as `book` does; SlotFull where none is kept any more, or it is no later dose.
    """
    let_go()
    at_gate = admission.kept_at_gate(request.slot_id)
    is_new = False
    with suppress(GateDown):
        answer = ask_gate(Try(at_gate, request.claim, settings.GATE["lease"], request.held), now=now)
        if answer.place is None:
            earlier = explain(request, now=now).earlier
            if earlier is not None:
                return earlier
            raise refusal_for(answer)
        is_new = answer.verdict is Verdict.NEW
    try:
        return _take(request, now=now)
    except Refusal as refusal:
        with suppress(GateDown):
            if is_new:
                admission.drop_hold(at_gate, request.claim)
            if isinstance(refusal, SlotFull):
                # The gate thought that there was one: it is told what the ledger says.
                load_slot(at_gate, now=now, again=True)
        raise
    except LedgerError as error:
        raise Busy() from error


def _take(request: Request, *, now: datetime) -> AppointmentFacts:
    result: Written = None
    with suppress(_NotWritten), transaction.atomic():
        slot = _one_fewer_kept(request, now=now)
        results, _ = write_rows([Placed(request, slot.quota, now)])
        result = results[0]
        if not isinstance(result, AppointmentFacts):
            # Also takes back that one fewer is kept.
            raise _NotWritten
        if result.dose < 2:
            raise SlotFull()
        after_commit(slot, lambda: _tell_the_gate(slot, request))
    if isinstance(result, AppointmentFacts):
        return result
    explained = explain(request, now=now)
    if explained.earlier is not None:
        return explained.earlier
    raise result or explained.refusal or Busy()


class _NotWritten(Exception):
    """The ledger refused the appointment."""


def _one_fewer_kept(request: Request, *, now: datetime) -> Slot:
    slot = lock(request.slot_id)
    if slot.closed_at is not None:
        raise SlotClosed()
    if not slot.kept_doses:
        raise SlotFull()
    kept = slot.kept_doses - 1
    facts = {"from": slot.quota, "to": slot.quota + 1, "doses": {"from": slot.kept_doses, "to": kept}}
    slot.quota, slot.kept_doses = slot.quota + 1, kept
    slot.save(update_fields=["quota", "kept_doses"])
    SlotEvent.objects.create(slot=slot, kind=SlotEventKind.LATER_DOSE, at=now, by_id=request.account_id, facts=facts)
    return slot


def _tell_the_gate(slot: Slot, request: Request) -> None:
    tell_the_gate(slot.pk, request.claim, slot.quota)
    admission.take_out(slot.pk, request.claim)
