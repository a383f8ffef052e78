"""Finding a person by document or phone, and the trace that every look at a person's data leaves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import documents
from accounts.encryption import blind_index
from accounts.models import LookUp, LookUpKind, Patient, User
from accounts.patients import person_key


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the person's keyed hash (None if nobody has the document) and how many rows."""

    person: UUID | None
    rows: int


def find_person(*, document_type: str, number: str, by: User, reason: str, now: datetime) -> Found:
    """Find a person by the exact document, in any account, and write down who looked and why.

    Spaces, full-width digits and small letters in `number` do not matter.
    """
    person = person_key(document_type, documents.tidy(number))
    with transaction.atomic():
        rows = Patient.objects.filter(person=person).count()
        LookUp.objects.create(kind=LookUpKind.SEARCHED, by=by, at=now, person=person, reason=reason, found=rows)
    return Found(person if rows else None, rows)


def find_account(*, phone: str, by: User, reason: str, now: datetime) -> User | None:
    """Find the account of a phone (E.164), and write down who looked and why."""
    with transaction.atomic():
        # Also an account that is no longer active.
        user = User.objects.filter(phone_index=blind_index("phone", phone)).first()
        what = f"accounts.user {user.pk}" if user else ""
        LookUp.objects.create(kind=LookUpKind.SEARCHED, by=by, at=now, what=what, reason=reason, found=1 if user else 0)
    return user


def opened(*, what: str, person: UUID | None, by: User, now: datetime) -> None:
    """Write down that somebody opened the record `what` (as "accounts.patient 3f…") of a person."""
    LookUp.objects.create(kind=LookUpKind.OPENED, by=by, at=now, person=person, what=what[:80])
