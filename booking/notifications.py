"""What people are told: the words of a message in the account's language, and the way it goes."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import channels
from accounts.masking import masked_name
from booking.models import Appointment, Message, MessageKind, Offer, OfferState, WalkIn, WalkInSource


def words(message: Message) -> str:
    """The text of the message, in the receiver's language; the patient's name is masked."""
    language = message.told.language if message.told else "zh-hans"
    with translation.override(language):
        template = channels.template_of(message.kind.lower(), language)
        return render_to_string(template, _context(message, language)).strip()


def deliver(message: Message) -> None:
    """Send the message to the account's phone, or else to its e-mail address; without both nobody is told.

    Of an offer that can no longer be answered nobody is told either.

    Raises accounts.channels.NotSent; then it is tried again later.
    """
    user = message.told
    receiver = user and (user.phone or user.email)
    if user is None or not receiver or _is_over(message):
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


def _offer_of(message: Message) -> Offer | None:
    """The offer that the message is about; its key names it."""
    if message.kind not in (MessageKind.LEFTOVER_OFFERED, MessageKind.PLACE_OFFERED):
        return None
    rows = Offer.objects.select_related("site", "round", "slot", "entry__programme")
    return rows.get(pk=message.key.removeprefix(f"{message.kind}:"))


def _is_over(message: Message) -> bool:
    offer = _offer_of(message)
    return offer is not None and (offer.state != OfferState.PENDING or offer.expires_at <= timezone.now())


def _context(message: Message, language: str) -> dict[str, Any]:
    appointment = message.appointment
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


def _of_offer(offer: Offer | None, language: str) -> dict[str, Any]:
    if offer is None:
        return {}
    programme = offer.entry.programme
    facts = {
        "programme": programme.name_en if language == "en" else programme.name,
        "site": offer.site,
        "answer_by": timezone.localtime(offer.expires_at),
    }
    if offer.slot is not None:
        link = f"{settings.PUBLIC_URL}/waitlist/offers/{offer.pk}/" if settings.PUBLIC_URL else ""
        minutes = round((offer.expires_at - offer.made_at).total_seconds() / 60)
        return {**facts, "starts_at": timezone.localtime(offer.slot.starts_at), "minutes": minutes, "link": link}
    return {**facts, "come_by": timezone.localtime(offer.round.until) if offer.round else ""}


def _come_by(appointment: Appointment) -> datetime | str:
    """By when somebody is to be there for a leftover dose; nothing for any other appointment."""
    ticket: WalkIn | None = getattr(appointment, "walk_in", None)
    is_leftover = ticket is not None and ticket.source == WalkInSource.LEFTOVER
    return timezone.localtime(ticket.return_at) if ticket is not None and is_leftover else ""


def _facts(message: Message, language: str) -> dict[str, str]:
    return {name: _text(value) for name, value in _context(message, language).items()}


def _text(value: Any) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
