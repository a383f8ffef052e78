"""What the steward prepares for journeys by invitation, and what invited people are sent.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import DocumentType, Patient
from accounts.patients import person_key
from booking.models import Message, Programme, ReleaseMode
from booking.notifications import words
from booking.queries.programmes import forget_programmes
from booking.queries.release_modes import forget_release_modes
from sites.models import District
from sites.queries import forget_sites
from tests.factories import make_programme, make_site, make_slot
from tests.invitation_factories import invite_to, path_of

_count = iter(range(1, 10_000))


def by_invitation(name: str, name_en: str, quota: int = 20) -> dict[str, Any]:
    """A programme that is released by invitation, with a morning at a site of its own: code and site."""
    n, now = next(_count), timezone.now()
    programme = make_programme(
        code=f"invited-{n}", name=name, name_en=name_en, release_mode=ReleaseMode.INVITATION, min_age=0
    )
    site = make_site(code=f"INVITES{n:03}", name="桂花坪", name_en="Guihuaping", district=District.objects.first())
    morning = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)
    for half_hour in range(4):
        starts_at = morning + timedelta(minutes=30 * half_hour)
        make_slot(site, programme, quota, starts_at=starts_at, opens_at=now - timedelta(days=1))
    forget_programmes()
    forget_sites()
    forget_release_modes()
    return {"code": programme.code, "site": site.code}


def invitation_of(person: str, programme: str, ends_in_hours: float = 72, withdrawn: bool = False) -> str:
    """The address of an invitation that was sent to this person yesterday."""
    now = timezone.now()
    made = invite_to(
        Programme.objects.get(code=programme),
        Patient.objects.get(pk=UUID(person)).person,
        made_at=now - timedelta(days=1, minutes=1),
        sent_at=now - timedelta(days=1),
        expires_at=now + timedelta(hours=ends_in_hours),
        withdrawn_at=now if withdrawn else None,
    )
    return path_of(made)


def invitation_message(document: str) -> str:
    """The text that goes to whoever has this resident's number; empty as long as there is none.

    At night it waits until morning; a journey does not.
    """
    person = person_key(DocumentType.RESIDENT_ID, document)
    message = Message.objects.filter(invitation__person=person).first()
    return words(message) if message else ""


ACTS = (by_invitation, invitation_of, invitation_message)
