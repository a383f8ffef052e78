"""What somebody has had and has booked, in every account: known by the document they show at the desk."""

from datetime import date
from uuid import UUID

from django.db.models import FilteredRelation, Q
from django.utils import timezone

from booking.models import Appointment, OutsideDose, RecordStatus, Status
from booking.rules.eligibility import Person


def person_doses(person: UUID, programme_id: int, *, birth_date: date, sex: str, district: str) -> Person:
    """The person as the rules of the programme judge them."""
    rows = Appointment.objects.live().filter(person=person, programme_id=programme_id)
    rows = rows.alias(record=FilteredRelation("records", condition=Q(records__status=RecordStatus.COMPLETED)))
    received: dict[int, date] = {}
    booked = []
    columns = ("dose", "status", "slot__starts_at", "record__given_at")
    for dose, status, starts_at, given_at in rows.order_by("dose").values_list(*columns):
        if status == Status.FULFILLED:
            received[dose] = timezone.localdate(given_at or starts_at)
        else:
            booked.append((dose, timezone.localdate(starts_at)))
    elsewhere = OutsideDose.objects.filter(person=person, programme_id=programme_id, voided_at=None)
    received.update(elsewhere.values_list("dose", "given_on"))
    last = max(received.values(), default=None)
    return Person(birth_date, sex, district, max(received, default=0), last, tuple(booked))
