"""What somebody has had and has booked, in every account: known by the document they show at the desk."""

from datetime import date
from uuid import UUID

from django.utils import timezone

from booking.models import Appointment, Status
from booking.rules.eligibility import Person


def person_doses(person: UUID, programme_id: int, *, birth_date: date, sex: str, district: str) -> Person:
    """The person as the rules of the programme judge them."""
    rows = Appointment.objects.live().filter(person=person, programme_id=programme_id)
    received, booked = [], []
    for dose, status, starts_at in rows.order_by("dose").values_list("dose", "status", "slot__starts_at"):
        if status == Status.FULFILLED:
            received.append(timezone.localdate(starts_at))
        else:
            booked.append((dose, timezone.localdate(starts_at)))
    return Person(birth_date, sex, district, len(received), max(received, default=None), tuple(booked))
