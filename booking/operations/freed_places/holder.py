"""A number whose appointment has gone elsewhere is held by a row of nobody's, until somebody gets it.

An appointment that moves lives on under its reference, so it cannot keep the number that it left. That number is held
by a cancelled appointment of an account that nobody can sign in to; nobody is told of it, no history is kept of it, and
it is deleted as soon as the number goes on. The numbers of a slot so stay in one table, under one constraint.
"""

from datetime import date, datetime
from uuid import UUID

from accounts.models import DocumentType, Patient, Relation, Sex, User
from booking.models import Appointment, Status
from booking.rules.references import new_reference

USERNAME = "freed-places"
_PERSON = UUID("00000000-0000-4000-8000-000000000000")
_DIGEST = "freed place"


def hold_number(slot_id: int, place: int, claim: str, programme_id: int, *, now: datetime) -> Appointment:
    """A row that holds the number, known to the gate by `claim`, in the caller's transaction."""
    nobody = _nobody()
    reference = new_reference()
    return Appointment.objects.create(
        reference=reference,
        slot_id=slot_id,
        place=place,
        patient=nobody,
        person=nobody.person,
        programme_id=programme_id,
        dose=1,
        status=Status.CANCELLED,
        booked_by_id=nobody.user_id,
        booked_at=now,
        request_key=f"freed {reference}",
        request_digest=_DIGEST,
        claim=claim,
        cancelled_at=now,
        release_at=now,
    )


def is_holder(row: Appointment) -> bool:
    """Whether the row is no appointment of anybody's and only holds a number."""
    return row.request_digest == _DIGEST


def _nobody() -> Patient:
    found = Patient.objects.filter(user__username=USERNAME, person=_PERSON).first()
    if found is None:
        account = User(username=USERNAME, is_active=False)
        account.set_unusable_password()
        # Two may need it in the same moment.
        User.objects.bulk_create([account], ignore_conflicts=True)
        row = Patient(
            user=User.objects.get(username=USERNAME),
            person=_PERSON,
            document_type=DocumentType.PASSPORT,
            document_number="",
            birth_date=date(1900, 1, 1),
            sex=Sex.FEMALE,
            relation=Relation.OTHER,
        )
        Patient.objects.bulk_create([row], ignore_conflicts=True)
        found = Patient.objects.get(user__username=USERNAME, person=_PERSON)
    return found
