"""What people are told: the words of a message in the account's language, and the way it goes."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import channels, signed_ids
from accounts.masking import masked_name
from booking.models import Appointment, Invitation, Message, MessageKind, Offer, OfferState, WalkIn, WalkInSource

# What its links are signed as.
INVITATION_LINK = "invitation"


def words(message: Message) -> str:
    """The text of the message, in the receiver's language; the patient's name is masked."""
    language = _language(message)
    with translation.override(language):
        template = channels.template_of(message.kind.lower(), language)
        return render_to_string(template, _context(message, language)).strip()


def deliver(message: Message) -> None:
    """Send the message to the account's phone, or else to its e-mail address; without both nobody is told.

    An invitation goes to its own phone first. Of an offer that can no longer be answered, or an invitation by which
    nobody can book any more, nobody is told either.

    Raises accounts.channels.NotSent; then it is tried again later.
    """
    receiver = _receiver(message)
    if not receiver or _is_over(message):
        return
    language = _language(message)
    with translation.override(language):
        subject, facts = message.get_kind_display(), _facts(message, language)
    outgoing = channels.Outgoing(
        to=receiver,
        kind=message.kind.lower(),
        text=words(message),
        key=message.key,
        language=language,
        facts=facts,
        subject=subject,
    )
    channels.send(outgoing)


def _receiver(message: Message) -> str:
    if message.invitation is not None and message.invitation.phone:
        return str(message.invitation.phone)
    user = message.told
    return str(user.phone or user.email or "") if user else ""


def _language(message: Message) -> str:
    if message.invitation is not None and message.invitation.phone:
        return str(message.invitation.language)
    return message.told.language if message.told else "zh-hans"


def invitation_link(invitation: Invitation) -> str:
    """The address by which an invited person comes."""
    return f"{settings.PUBLIC_ADDRESS}/i/{signed_ids.signed(INVITATION_LINK, invitation.pk)}/"


def _offer_of(message: Message) -> Offer | None:
    """The offer that the message is about; its key names it."""
    if message.kind != MessageKind.LEFTOVER_OFFERED:
        return None
    rows = Offer.objects.select_related("site", "round__programme")
    return rows.get(pk=message.key.removeprefix(f"{MessageKind.LEFTOVER_OFFERED}:"))


def _is_over(message: Message) -> bool:
    if message.invitation is not None:
        own = message.invitation.list
        return bool(message.invitation.withdrawn_at or own.withdrawn_at) or own.expires_at <= timezone.now()
    offer = _offer_of(message)
    return offer is not None and (offer.state != OfferState.PENDING or offer.expires_at <= timezone.now())


def _context(message: Message, language: str) -> dict[str, Any]:
    appointment = message.appointment
    if message.invitation is not None:
        return _of_invitation(message, message.invitation, language)
    if appointment is None:
        name = masked_name(message.patient.name if message.patient else "")
        return {"name": name, "help_phone": settings.HELP_PHONE, **_of_offer(_offer_of(message), language)}
    return {
        "name": masked_name(appointment.patient.name),
        "programme": appointment.programme.name_en if language == "en" else appointment.programme.name,
        "site": appointment.slot.site,
        "starts_at": timezone.localtime(appointment.slot.starts_at),
        "reference": appointment.reference,
        "come_by": _come_by(appointment),
    }


def _of_invitation(message: Message, invitation: Invitation, language: str) -> dict[str, Any]:
    # To the phone of a list nobody is named: whoever reads it may be somebody else.
    programme, patient = invitation.list.programme, message.patient
    return {
        "name": masked_name(patient.name) if patient else "",
        "programme": programme.name_en if language == "en" else programme.name,
        "answer_by": timezone.localtime(invitation.list.expires_at),
        "link": invitation_link(invitation),
    }


def _of_offer(offer: Offer | None, language: str) -> dict[str, Any]:
    if offer is None or offer.round is None:
        return {}
    programme = offer.round.programme
    return {
        "programme": programme.name_en if language == "en" else programme.name,
        "site": offer.site,
        "come_by": timezone.localtime(offer.round.until),
        "answer_by": timezone.localtime(offer.expires_at),
    }


def _come_by(appointment: Appointment) -> datetime | str:
    """By when somebody is to be there for a leftover dose; nothing for any other appointment."""
    ticket: WalkIn | None = getattr(appointment, "walk_in", None)
    is_leftover = ticket is not None and ticket.source == WalkInSource.LEFTOVER
    return timezone.localtime(ticket.return_at) if ticket is not None and is_leftover else ""


def _facts(message: Message, language: str) -> dict[str, str]:
    return {name: _text(value) for name, value in _context(message, language).items()}


def _text(value: Any) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
