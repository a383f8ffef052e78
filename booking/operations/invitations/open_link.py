"""Somebody opens the link of an invitation."""

from datetime import datetime

from booking.models import Invitation
from booking.queries.invitations.facts import InvitationFacts, invitation_in


def open_link(*, said: str, account_id: int | None, now: datetime) -> InvitationFacts | None:
    """What the link leads to for this account (None: nobody has signed in), or None for what is no invitation.

    The first time that an account with the invited person opens it is written down; nobody else's is.
    """
    facts = invitation_in(said, account_id, now=now)
    if facts is not None and facts.patient_id is not None:
        Invitation.objects.filter(pk=facts.invitation_id, opened_at=None).update(opened_at=now)
    return facts
