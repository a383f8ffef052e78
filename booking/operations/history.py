"""An appointment's history."""

from datetime import datetime

from booking.models import Appointment, AppointmentEvent, EventKind


def note(appointment: Appointment, kind: EventKind, *, by: int | None, now: datetime, **facts: object) -> None:
    """Add to the appointment's history, in the caller's transaction."""
    AppointmentEvent.objects.create(appointment=appointment, kind=kind, at=now, by_id=by, facts=facts)
