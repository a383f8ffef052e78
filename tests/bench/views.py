"""The ceiling, a view that does nothing; and the baseline, the booking view most projects would write."""

import json
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from accounts import tokens
from accounts.models import Patient
from booking.models import Appointment, AppointmentEvent, Message, Slot
from booking.rules.references import new_reference


def trivial(request: HttpRequest) -> HttpResponse:
    """Nothing at all."""
    return HttpResponse(b"{}")


def baseline(request: HttpRequest) -> HttpResponse:
    """Lock the slot's row, count, insert."""
    now = timezone.now()
    claims = tokens.read(request.headers["Authorization"].split(" ")[1], now)
    if tokens.is_revoked(claims):
        return JsonResponse({"code": "not_signed_in"}, status=401)
    wanted = json.loads(request.body)
    key = request.headers["Idempotency-Key"]
    with transaction.atomic():
        slot = Slot.objects.select_for_update().get(pk=wanted["slot"])
        taken = Appointment.objects.filter(slot=slot, place__isnull=False).count()
        if taken >= slot.quota or slot.closed_at is not None or not slot.opens_at <= now < slot.starts_at:
            return JsonResponse({"code": "slot_full"}, status=409)
        patient = Patient.objects.get(pk=UUID(wanted["patient"]), user_id=claims.user_id, removed_at__isnull=True)
        appointment = Appointment.objects.create(
            reference=new_reference(),
            slot=slot,
            place=taken + 1,
            patient=patient,
            person=patient.person,
            programme_id=slot.programme_id,
            dose=1,
            booked_by_id=claims.user_id,
            booked_at=now,
            request_key=key,
            request_digest="-",
            claim=key,
        )
        AppointmentEvent.objects.create(appointment=appointment, kind="BOOKED", at=now, by_id=claims.user_id)
        Message.objects.create(
            key=f"BOOKED:{appointment.reference}", kind="BOOKED", appointment=appointment, created_at=now, due_at=now
        )
    return JsonResponse({"reference": appointment.reference}, status=201)


for view in (trivial, baseline):
    view.csrf_exempt = True  # type: ignore[attr-defined]
