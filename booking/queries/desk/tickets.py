"""The same-day tickets that a site has given today."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from booking.models import WalkIn
from booking.queries.availability import day_bounds
from booking.queries.moments import moment
from booking.queries.qr_codes import qr_image, qr_payload


def tickets_of(site_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """All of today, by the time at which their people are to be there; one statement."""
    first, last = day_bounds(timezone.localdate(now), timezone.localdate(now))
    rows = WalkIn.objects.filter(
        appointment__slot__site=site_id, appointment__slot__starts_at__gte=first, appointment__slot__starts_at__lt=last
    )
    return [_shown(row) for row in _read(rows).order_by("return_at", "pk")]


def ticket_of(reference: str) -> dict[str, Any] | None:
    """The ticket of one appointment with the picture of its code, None if it came otherwise."""
    row = _read(WalkIn.objects.filter(appointment__reference=reference)).first()
    return {**_shown(row), "picture": qr_image(qr_payload(reference)).decode()} if row else None


def _read(rows: Any) -> Any:
    return rows.select_related("appointment__patient", "appointment__programme", "appointment__slot").defer(
        "appointment__patient__phone"
    )


def _shown(row: WalkIn) -> dict[str, Any]:
    appointment = row.appointment
    return {
        "reference": appointment.reference,
        "name": appointment.patient.name,
        "tail": str(appointment.patient.document_number)[-4:],
        "programme": appointment.programme.code,
        "starts_at": moment(appointment.slot.starts_at),
        "return_at": moment(row.return_at),
        "given_at": moment(row.at),
        "origin": row.source.lower(),
        "status": appointment.status.lower(),
        "code": qr_payload(appointment.reference),
    }
