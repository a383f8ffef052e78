"""An invitation as its link and its person's account show it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts import signed_ids
from accounts.models import Patient
from booking.models import Invitation
from booking.notifications import INVITATION_LINK
from booking.queries.release_modes import was_used
from booking.rules.invitations import OPEN, WITHDRAWN, standing

# Of what an account is shown.
_MOST = 50


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What it is for and how it stands (rules.invitations).

    `patient_id` and `patient_name` are set where the asking account has the invited person among its patients; without
    them nothing here is about anybody.
    """

    invitation_id: UUID
    programme_code: str
    programme_name: str
    programme_name_en: str
    vaccine: str
    vaccine_en: str
    sent_at: datetime
    expires_at: datetime
    state: str
    patient_id: UUID | None = None
    patient_name: str = ""

    @property
    def is_open(self) -> bool:
        """Its person may book by it."""
        return self.state == OPEN


def invitation_in(said: str, account_id: int | None, *, now: datetime) -> InvitationFacts | None:
    """The invitation that a link leads to; None for a forged link, as for one that was never sent."""
    invitation_id = signed_ids.read(INVITATION_LINK, said)
    row = _rows().filter(pk=invitation_id).first() if invitation_id else None
    if row is None:
        return None
    own = Patient.objects.filter(person=row.person, user_id=account_id, removed_at=None) if account_id else None
    return _facts(row, own.first() if own is not None else None, now=now)


def invitations_of(account_id: int, *, now: datetime) -> list[InvitationFacts]:
    """Those of the account's patients that were sent, the latest first; withdrawn ones are not among them."""
    patients = {row.person: row for row in Patient.objects.filter(user_id=account_id, removed_at=None)}
    rows = _rows().filter(person__in=patients, list__sent_at__lte=now).order_by("-list__sent_at", "pk")[:_MOST]
    found = (_facts(row, patients[row.person], now=now) for row in rows)
    return [one for one in found if one is not None and one.state != WITHDRAWN]


def open_invitations_of(account_id: int, *, now: datetime) -> list[InvitationFacts]:
    """Those by which one of the account's patients may book now, whichever ends first."""
    return sorted((one for one in invitations_of(account_id, now=now) if one.is_open), key=lambda one: one.expires_at)


def _rows() -> QuerySet[Invitation]:
    found = Invitation.objects.select_related("list__programme__vaccine").defer("phone")
    return found.annotate(is_used=was_used())


def _facts(row: Invitation, patient: Patient | None, *, now: datetime) -> InvitationFacts | None:
    own, programme = row.list, row.list.programme
    state = standing(
        sent_at=own.sent_at,
        expires_at=own.expires_at,
        is_withdrawn=bool(row.withdrawn_at or own.withdrawn_at),
        is_used=bool(row.is_used),  # type: ignore[attr-defined]
        now=now,
    )
    if state is None or own.sent_at is None:
        return None
    return InvitationFacts(
        invitation_id=row.pk,
        programme_code=programme.code,
        programme_name=programme.name,
        programme_name_en=programme.name_en,
        vaccine=programme.vaccine.name,
        vaccine_en=programme.vaccine.name_en,
        sent_at=own.sent_at,
        expires_at=own.expires_at,
        state=state,
        patient_id=patient.pk if patient else None,
        patient_name=patient.name if patient else "",
    )
