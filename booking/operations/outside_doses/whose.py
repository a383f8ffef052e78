"""Who is at the desk with a paper: by one of the site's appointments, or by the document they show."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from accounts import documents
from accounts.look_ups import find_person
from accounts.models import Patient, User
from accounts.patients import person_key
from booking.models import Appointment
from booking.operations.refusals import NotFound
from booking.operations.walk_ins.refusals import PersonUnclear
from booking.queries.desk.rows import rows_at


@dataclass(frozen=True, slots=True)
class Whose:
    """The person by the keyed hash of their document, its last four, and when they were born, as far as is known."""

    person: UUID
    tail: str
    born_on: date | None


def whose(
    *,
    site_id: int,
    reference: str,
    document_type: str,
    document_number: str,
    reason: str,
    by: User,
    now: datetime,
) -> Whose:
    """The person of the appointment, which the site must see, or of the document; then the search leaves a trace.

    Somebody whom no account knows yet is somebody too. Raises NotFound, and PersonUnclear for a document that cannot be
    right.
    """
    if reference:
        if reference not in rows_at(site_id, [reference]):
            raise NotFound(what="appointment")
        row = Appointment.objects.select_related("patient").get(reference=reference)
        return Whose(row.person, str(row.patient.document_number)[-4:], row.patient.birth_date)
    try:
        document = documents.read(document_type, document_number, today=timezone.localdate(now))
    except documents.BadDocument as bad:
        raise PersonUnclear(errors=[{"field": "document_number", "message": str(bad.message)}]) from None
    find_person(document_type=document_type, number=document.number, by=by, reason=reason, now=now)
    person = person_key(document_type, document.number)
    born_on = document.birth_date or Patient.objects.filter(person=person).values_list("birth_date", flat=True).first()
    return Whose(person, document.number[-4:], born_on)
