"""What is told about leftover doses."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.masking import masked_name
from booking.models import LeftoverRound, Message, MessageKind, Offer, OfferState
from booking.notifications.kinds import Facts, Kind, Placeholder
from booking.notifications.placeholders import NAME, PROGRAMME, SITE, both, programme_name, site_name

_COME_BY = Placeholder("come_by", _("今天几点前到"), both(time(16, 30)))
ANSWER_BY = Placeholder("answer_by", _("几点前答复"), both(time(15, 15)))


def offer_of(message: Message) -> Offer:
    """The offer that the message is about; its key names it."""
    rows = Offer.objects.select_related("site", "round__programme", "entry")
    return rows.get(pk=message.key.partition(":")[2])


def is_answered(message: Message, now: datetime) -> bool:
    """Whether the offer can no longer be answered."""
    offer = offer_of(message)
    return offer.state != OfferState.PENDING or offer.expires_at <= now


def _offered(message: Message, language: str) -> Facts:
    offer = offer_of(message)
    round_ = offer.round
    assert isinstance(round_, LeftoverRound)
    return {
        "name": masked_name(message.patient.name if message.patient else ""),
        "programme": programme_name(round_.programme, language),
        "site": site_name(offer.site, language),
        "come_by": timezone.localtime(round_.until).time(),
        "answer_by": timezone.localtime(offer.expires_at).time(),
    }


KINDS: dict[str, Kind] = {
    MessageKind.LEFTOVER_OFFERED: Kind(
        _offered,
        (NAME, PROGRAMME, SITE, _COME_BY, ANSWER_BY),
        ("site", "come_by", "answer_by"),
        is_answered,
    ),
}
