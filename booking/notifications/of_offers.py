"""What is told about places and leftover doses that somebody waits for."""

from datetime import datetime, time

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.masking import masked_name
from booking.models import LeftoverRound, Message, MessageKind, Offer, OfferState, Slot
from booking.notifications.kinds import Facts, Kind, Placeholder
from booking.notifications.placeholders import (
    NAME,
    PROGRAMME,
    SITE,
    STARTS_AT,
    both,
    programme_name,
    site_name,
)

_COME_BY = Placeholder("come_by", _("今天几点前到"), both(time(16, 30)))
_ANSWER_BY = Placeholder("answer_by", _("几点前答复"), both(time(15, 15)))
_LINK = Placeholder(
    "link",
    _("答复的网页"),
    both("https://vaccines.example.cn/waitlist/offers/8c6f7a52-3f0e-4d61-9a54-0c1b3f2f9f11/"),
)


def _offer_of(message: Message) -> Offer:
    """The offer that the message is about; its key names it."""
    rows = Offer.objects.select_related("site", "round", "slot", "entry__programme")
    return rows.get(pk=message.key.partition(":")[2])


def _is_answered(message: Message, now: datetime) -> bool:
    offer = _offer_of(message)
    return offer.state != OfferState.PENDING or offer.expires_at <= now


def _about(message: Message, offer: Offer, language: str) -> Facts:
    return {
        "name": masked_name(message.patient.name if message.patient else ""),
        "programme": programme_name(offer.entry.programme, language),
        "site": site_name(offer.site, language),
        "answer_by": timezone.localtime(offer.expires_at).time(),
    }


def _leftover(message: Message, language: str) -> Facts:
    offer = _offer_of(message)
    round_ = offer.round
    assert isinstance(round_, LeftoverRound)
    return {**_about(message, offer, language), "come_by": timezone.localtime(round_.until).time()}


def _place(message: Message, language: str) -> Facts:
    offer = _offer_of(message)
    slot = offer.slot
    assert isinstance(slot, Slot)
    return {
        **_about(message, offer, language),
        "starts_at": timezone.localtime(slot.starts_at),
        "link": f"{settings.PUBLIC_ADDRESS}/waitlist/offers/{offer.pk}/",
    }


KINDS: dict[str, Kind] = {
    MessageKind.LEFTOVER_OFFERED: Kind(
        _leftover,
        (NAME, PROGRAMME, SITE, _COME_BY, _ANSWER_BY),
        ("site", "come_by", "answer_by"),
        _is_answered,
    ),
    MessageKind.PLACE_OFFERED: Kind(
        _place,
        (NAME, PROGRAMME, SITE, STARTS_AT, _ANSWER_BY, _LINK),
        ("site", "starts_at", "answer_by"),
        _is_answered,
    ),
}
