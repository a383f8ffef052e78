"""What is told about an appointment."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.masking import masked_name
from booking.models import Appointment, Message, MessageKind, Status, WalkIn, WalkInSource
from booking.notifications.kinds import Facts, Kind, Placeholder
from booking.notifications.placeholders import (
    NAME,
    PROGRAMME,
    REFERENCE,
    SITE,
    STARTS_AT,
    both,
    programme_name,
    site_name,
)

_ARRIVE = Placeholder(
    "arrive", gettext_lazy("什么时候到"), both("提前 10 分钟内到即可", "come within 10 minutes before")
)
_ADDRESS = Placeholder("address", gettext_lazy("地址"), both("（东湖街道文艺路 128 号附 3 号二楼预防接种门诊）", ""))
_UNDO = Placeholder(
    "undo",
    gettext_lazy("怎样恢复"),
    both("10:30 前登录可恢复。", "Sign in by 10:30 to take it back."),
)


def about(message: Message, language: str) -> Facts:
    """The facts that every message about an appointment may name."""
    row = _row(message)
    return {
        "name": masked_name(row.patient.name),
        "programme": programme_name(row.programme, language),
        "site": site_name(row.slot.site, language),
        "starts_at": timezone.localtime(row.slot.starts_at),
        "reference": row.reference,
    }


def is_cancelled(message: Message, now: datetime) -> bool:
    """Whether it speaks of an appointment that has been given up since."""
    return _row(message).status == Status.CANCELLED


def _is_restored(message: Message, now: datetime) -> bool:
    return _row(message).status != Status.CANCELLED


def _row(message: Message) -> Appointment:
    assert message.appointment is not None
    return message.appointment


def _booked(message: Message, language: str) -> Facts:
    facts, ticket = about(message, language), _leftover(_row(message))
    if ticket is None:
        return {**facts, "arrive": _("提前 10 分钟内到即可")}
    by = f"{timezone.localtime(ticket.return_at):%H:%M}"
    return {**facts, "starts_at": _("余苗"), "arrive": _("今天 %(time)s 前到") % {"time": by}}


def _leftover(row: Appointment) -> WalkIn | None:
    """The ticket of somebody who comes for a leftover dose; nothing for any other appointment."""
    ticket: WalkIn | None = getattr(row, "walk_in", None)
    return ticket if ticket is not None and ticket.source == WalkInSource.LEFTOVER else None


def _cancelled(message: Message, language: str) -> Facts:
    row = _row(message)
    if row.restorable_until is None or row.restorable_until <= timezone.now():
        return {**about(message, language), "undo": ""}
    until = f"{timezone.localtime(row.restorable_until):%H:%M}"
    return {**about(message, language), "undo": _("%(time)s 前登录可恢复。") % {"time": until}}


def _relocated(message: Message, language: str) -> Facts:
    address = _row(message).slot.site.address
    shown = "" if language == "en" or not address else f"（{address[:23]}…）" if len(address) > 24 else f"（{address}）"
    return {**about(message, language), "address": shown}


_USUAL = (NAME, PROGRAMME, SITE, STARTS_AT, REFERENCE)

KINDS: dict[str, Kind] = {
    MessageKind.BOOKED: Kind(_booked, (*_USUAL, _ARRIVE), ("starts_at", "site", "reference"), is_cancelled),
    MessageKind.MOVED: Kind(about, _USUAL, ("starts_at", "site", "reference"), is_cancelled),
    MessageKind.CANCELLED: Kind(_cancelled, (*_USUAL, _UNDO), ("starts_at", "site"), _is_restored),
    MessageKind.RELOCATED: Kind(_relocated, (*_USUAL, _ADDRESS), ("starts_at", "site", "reference"), is_cancelled),
    MessageKind.CANCELLED_BY_SITE: Kind(about, _USUAL, ("starts_at", "site"), _is_restored),
}
