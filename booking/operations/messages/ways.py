"""By which ways a message goes: text message or e-mail, the city app, or both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from accounts import channels
from accounts.channels import city_app
from accounts.models import LinkedIdentity
from booking.models import Message
from booking.notifications import Texts, outgoing_of

SMS, EMAIL, CITY_APP = "sms", "email", "city_app"


@dataclass(frozen=True, slots=True)
class Way:
    """One message by one channel."""

    message_id: int
    channel: str
    outgoing: channels.Outgoing

    def go(self, now: datetime) -> None:
        """Send it. Raises accounts.channels.NotSent."""
        if self.channel == CITY_APP:
            city_app.send(self.outgoing, now=now)
        else:
            channels.send(self.outgoing)


def app_subjects(messages: Sequence[Message]) -> dict[int, str]:
    """What the city app calls the accounts that are told: those that have signed in by its ticket."""
    if not settings.CITY_APP["url"]:
        return {}
    told = {message.told.pk for message in messages if message.told is not None}
    rows = LinkedIdentity.objects.filter(user_id__in=told, app_subject__isnull=False)
    return dict(rows.order_by("linked_at").values_list("user_id", "app_subject"))  # type: ignore[arg-type]


def ways_of(message: Message, texts: Texts, subjects: dict[int, str]) -> list[Way]:
    """The ways that are left to go; none if nobody can be reached."""
    outgoing = outgoing_of(message, texts)
    subject = subjects.get(message.told.pk) if message.told is not None else None
    found = []
    if outgoing.to and not (subject and settings.CITY_APP["messages"] == "instead"):
        found.append(Way(message.pk, EMAIL if "@" in outgoing.to else SMS, outgoing))
    if subject:
        found.append(Way(message.pk, CITY_APP, replace(outgoing, to=subject)))
    gone = message.told_by.split()
    return [way for way in found if way.channel not in gone]
