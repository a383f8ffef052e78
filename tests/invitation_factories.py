"""Lists of invited people, as tests need them."""

from datetime import timedelta

from accounts import signed_ids
from booking.models import Invitation, InvitationList, InvitationSource
from booking.notifications import INVITATION_LINK
from tests.factories import CLOCK, make_administrator


def make_list(programme, **fields) -> InvitationList:
    """A list that was made a day ago and not sent; it ends in ten days."""
    defaults = {
        "name": "第一批",
        "source": InvitationSource.IMPORTED,
        "expires_at": CLOCK + timedelta(days=10),
        "made_at": CLOCK - timedelta(days=1),
    }
    fields.setdefault("made_by", None)
    fields["made_by"] = fields["made_by"] or make_administrator()
    return InvitationList.objects.create(programme=programme, **{**defaults, **fields})


def invite(made: InvitationList, person, **fields) -> Invitation:
    """One person of the list, by the blind index of their document."""
    return Invitation.objects.create(list=made, person=person, **fields)


def invite_to(programme, person, *, sent_at=CLOCK, **fields) -> Invitation:
    """An invitation that was sent, of a list of its own."""
    return invite(make_list(programme, sent_at=sent_at, **fields), person)


def path_of(invitation: Invitation) -> str:
    """Where its link leads."""
    return f"/i/{signed_ids.signed(INVITATION_LINK, invitation.pk)}/"
