"""What is told to whoever's booking was locked."""

from django.conf import settings

from booking.models import Message, MessageKind
from booking.notifications.kinds import Facts, Kind
from booking.notifications.of_family import HELP_PHONE


def _phone(message: Message, language: str) -> Facts:
    return {"help_phone": settings.HELP_PHONE}


KINDS: dict[str, Kind] = {
    MessageKind.LOCKED: Kind(_phone, (HELP_PHONE,), ("help_phone",)),
    MessageKind.APPEAL_ANSWERED: Kind(_phone, (HELP_PHONE,), ()),
}
