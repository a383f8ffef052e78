"""Reminders before an appointment. Whether it still stands is looked at in the moment of sending."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.ages import GROWN_UP_FROM, age_on
from booking.models import Message, MessageKind, Status
from booking.notifications.kinds import Facts, Kind, Placeholder
from booking.notifications.of_appointments import about, row_of
from booking.notifications.placeholders import NAME, PROGRAMME, REFERENCE, SITE, STARTS_AT, both

_DAY = Placeholder("day", gettext_lazy("今天或明天"), both("明天", "tomorrow"))
_BRING = Placeholder(
    "bring", gettext_lazy("带什么"), both("身份证件和预防接种证", "your ID and the vaccination booklet")
)


def _reminder(message: Message, language: str) -> Facts:
    row = row_of(message)
    on = timezone.localdate(row.slot.starts_at)
    is_child = age_on(row.patient.birth_date, on) < GROWN_UP_FROM if row.patient.birth_date else False
    return {
        **about(message, language),
        "day": _("今天") if on == timezone.localdate() else _("明天"),
        "bring": _("身份证件和预防接种证") if is_child else _("身份证件"),
    }


def _is_over(message: Message, now: datetime) -> bool:
    row = row_of(message)
    # Its key ends with the slot that it speaks of: whoever has moved gets another one.
    moved = message.key.rpartition(":")[2] != str(row.slot_id)
    return moved or row.status != Status.BOOKED or row.slot.starts_at <= now or row.slot.closed_at is not None


_REMINDER = Kind(
    _reminder, (NAME, PROGRAMME, SITE, STARTS_AT, REFERENCE, _DAY, _BRING), ("starts_at", "site", "reference"), _is_over
)

KINDS: dict[str, Kind] = {MessageKind.REMINDER_DAY: _REMINDER, MessageKind.REMINDER_HOURS: _REMINDER}
