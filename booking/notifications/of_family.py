"""What is told when a patient moves from one account to another."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.masking import masked_name
from booking.models import Message, MessageKind
from booking.notifications.kinds import Facts, Kind, Placeholder
from booking.notifications.placeholders import NAME, both

HELP_PHONE = Placeholder("help_phone", _("求助电话"), both("0731-12345678"))


def _patient(message: Message, language: str) -> Facts:
    return {"name": masked_name(message.patient.name if message.patient else ""), "help_phone": settings.HELP_PHONE}


KINDS: dict[str, Kind] = {
    MessageKind.HANDED_OVER: Kind(_patient, (NAME, HELP_PHONE), ("name", "help_phone")),
    MessageKind.TAKEN_OVER: Kind(_patient, (NAME, HELP_PHONE), ("name",)),
}
