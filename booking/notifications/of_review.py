"""What the holder of an account is told whose booking was locked, and who appeals."""

from django.conf import settings

from booking.models import Message, MessageKind
from booking.notifications.kinds import Facts, Kind
from booking.notifications.of_family import HELP_PHONE


def _help(message: Message, language: str) -> Facts:
    return {"help_phone": settings.HELP_PHONE}


KINDS: dict[str, Kind] = {
    MessageKind.LOCKED: Kind(_help, (HELP_PHONE,), ("help_phone",)),
    MessageKind.APPEAL_ANSWERED: Kind(_help, (HELP_PHONE,)),
}
