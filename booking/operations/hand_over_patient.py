"""A grown-up takes over the account of their own appointments: from the family member who has booked for them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from accounts import hand_overs
from accounts.models import HandOverCode
from booking import enqueue
from booking.models import Appointment, AppointmentEvent, DrawEntry, EventKind, Message, MessageKind, WaitlistEntry


def take_over_patient(*, account_id: int, code: str, last_four: str, now: datetime) -> UUID:
    """Move the patient that the code is for, with all appointments and records, to this account; returns their id.

    The account that made the code sees nothing of them any more, and both are told. Raises accounts.hand_overs'
    CodeRefused and TooManyTries, and accounts.patients.TooManyPatients, after which the code is still good.
    """
    found = hand_overs.find(code=code, last_four=last_four, user_id=account_id, now=now)
    with transaction.atomic():
        # Whoever uses the code up carries it out; anybody else who has it waits here and is refused.
        if not hand_overs.use(found, by=account_id, now=now):
            raise hand_overs.CodeRefused
        patient = hand_overs.adopt(found, by=account_id, now=now)
        _move_appointments(found, to=account_id, patient_id=patient.pk, now=now)
        _move_wishes(found, to=account_id, patient_id=patient.pk)
        _tell_both(found, to=account_id, patient_id=patient.pk, now=now)
    return patient.pk


def _move_appointments(found: HandOverCode, *, to: int, patient_id: UUID, now: datetime) -> None:
    rows = list(Appointment.objects.select_for_update(of=("self",)).filter(patient_id=found.patient_id).order_by("pk"))
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(
            appointment=row,
            kind=EventKind.HANDED_OVER,
            at=now,
            by_id=to,
            facts={"from_account": row.booked_by_id, "to_account": to},
        )
        for row in rows
    )
    Appointment.objects.filter(pk__in=[row.pk for row in rows]).update(
        booked_by_id=to,
        patient_id=patient_id,
        # The old account's key must not meet one of the new account's; no caller's key holds a blank.
        request_key=Concat(Value("handed over "), F("reference")),
    )


def _move_wishes(found: HandOverCode, *, to: int, patient_id: UUID) -> None:
    """They keep their turn on the waitlist and in draws, and answer what is offered from now on themselves."""
    WaitlistEntry.objects.filter(patient_id=found.patient_id).update(account_id=to, patient_id=patient_id)
    DrawEntry.objects.filter(patient_id=found.patient_id).update(account_id=to, patient_id=patient_id)


def _tell_both(found: HandOverCode, *, to: int, patient_id: UUID, now: datetime) -> None:
    told = (
        (MessageKind.HANDED_OVER, found.made_by_id, found.patient_id),
        (MessageKind.TAKEN_OVER, to, patient_id),
    )
    Message.objects.bulk_create(
        Message(key=f"{kind}:{found.pk}", kind=kind, account_id=account, patient_id=about, created_at=now, due_at=now)
        for kind, account, about in told
    )
    enqueue.send_messages(now=now)
