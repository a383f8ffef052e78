"""What sending a list would say, to some of its people: nothing is sent, and nobody can be recognised."""

from dataclasses import dataclass
from uuid import UUID

from accounts.masking import masked_receiver
from booking.models import Invitation, InvitationList, Message, MessageKind
from booking.notifications import words
from booking.queries.invitations.receivers import patients_who_can_be_told

_SHOWN = 3
# A link that leads nowhere, as long as a real one.
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Sample:
    """One message as it would leave: to whom (masked; empty for somebody who cannot be told), and the text."""

    to: str
    by_account: bool
    language: str
    text: str


def samples(one: InvitationList) -> list[Sample]:
    """The messages of three people of the list; of those with a phone, an account, and neither, if there are some."""
    people = list(Invitation.objects.filter(list=one, withdrawn_at=None).order_by("pk")[:200])
    patients = patients_who_can_be_told([row.person for row in people if not row.phone])
    # One of each kind first.
    kinds: dict[tuple[bool, bool, str], list[Invitation]] = {}
    for row in people:
        kinds.setdefault((bool(row.phone), row.person in patients, row.language), []).append(row)
    picked = [rows[n] for n in range(_SHOWN) for rows in kinds.values() if n < len(rows)][:_SHOWN]
    return [_sample(one, row, patients) for row in picked]


def _sample(one: InvitationList, row: Invitation, patients: dict) -> Sample:  # type: ignore[type-arg]
    patient = None if row.phone else patients.get(row.person)
    user = patient.user if patient else None
    to = str(row.phone or (user and (user.phone or user.email)) or "")
    stand_in = Invitation(id=_NOBODY, list=one, phone=row.phone, language=row.language)
    message = Message(kind=MessageKind.INVITED, invitation=stand_in, account=user, patient=patient)
    return Sample(
        to=masked_receiver(to) if to else "",
        by_account=user is not None,
        language=user.language if user else row.language,
        text=words(message) if to else "",
    )
