"""A list of people to invite is made: empty, for a file to fill, or of those who are due for a dose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Patient, User
from booking.models import Invitation, InvitationList, InvitationSource, Programme
from booking.queries.due_people import DuePerson, due_people

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class DueAsked:
    """Which of the people who are due: by that day, of a district, of these ages (completed years)."""

    by: date
    district: str = ""
    min_age: int | None = None
    max_age: int | None = None


def make_list(
    *, programme: Programme, name: str, expires_at: datetime, by: int, now: datetime, due: DueAsked | None = None
) -> InvitationList:
    """Make a list that nobody is told of yet. Without `due` it is empty: its people come by a file."""
    with transaction.atomic():
        made = InvitationList.objects.create(
            programme=programme,
            name=name,
            source=InvitationSource.DUE if due else InvitationSource.IMPORTED,
            expires_at=expires_at,
            made_by_id=by,
            made_at=now,
        )
        if due is not None:
            found = due_people(
                programme,
                by=due.by,
                today=timezone.localdate(now),
                district=due.district,
                min_age=due.min_age,
                max_age=due.max_age,
            )
            for start in range(0, len(found), _AT_ONCE):
                _add(made, found[start : start + _AT_ONCE])
    return made


def _add(made: InvitationList, people: Sequence[DuePerson]) -> None:
    # Whoever came without an account left a phone at the desk, perhaps.
    by_phone = [one.patient_id for one in people if not one.can_be_told]
    phones = dict(Patient.objects.filter(pk__in=by_phone).exclude(phone=None).values_list("pk", "phone"))
    accounts = User.objects.filter(pk__in={one.account_id for one in people})
    languages = dict(accounts.values_list("pk", "language"))
    Invitation.objects.bulk_create(
        Invitation(
            list=made,
            person=one.person,
            phone=phones.get(one.patient_id),
            language=languages.get(one.account_id) or "zh-hans",
        )
        for one in people
    )
