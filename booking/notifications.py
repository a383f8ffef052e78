"""What people are told: the words of a message in the account's language, and the way it goes."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import channels
from accounts.masking import masked_name
from booking.models import Message


def words(message: Message) -> str:
    """The text of the message, in the receiver's language; the patient's name is masked."""
    language = message.appointment.booked_by.language
    with translation.override(language):
        template = channels.template_of(message.kind.lower(), language)
        return render_to_string(template, _context(message, language)).strip()


def deliver(message: Message) -> None:
    """Send the message to the account's phone, or else to its e-mail address; without both nobody is told.

    Raises accounts.channels.NotSent; then it is tried again later.
    """
    user = message.appointment.booked_by
    receiver = user.phone or user.email
    if not receiver:
        return
    language = user.language
    with translation.override(language):
        subject, facts = message.get_kind_display(), _facts(message, language)
    outgoing = channels.Outgoing(
        to=str(receiver),
        kind=message.kind.lower(),
        text=words(message),
        key=message.key,
        language=language,
        facts=facts,
        subject=subject,
    )
    channels.send(outgoing)


def _context(message: Message, language: str) -> dict[str, Any]:
    appointment = message.appointment
    return {
        "name": masked_name(appointment.patient.name),
        "programme": appointment.programme.name_en if language == "en" else appointment.programme.name,
        "site": appointment.slot.site,
        "starts_at": timezone.localtime(appointment.slot.starts_at),
        "reference": appointment.reference,
    }


def _facts(message: Message, language: str) -> dict[str, str]:
    return {name: _text(value) for name, value in _context(message, language).items()}


def _text(value: Any) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
