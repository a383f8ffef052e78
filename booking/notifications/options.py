"""What an answer by text message can be about: offers that are open, appointments that somebody was reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.masking import masked_name
from booking.models import Appointment, Message, MessageKind, Offer, OfferState, Status
from booking.notifications.kinds import spoken
from booking.rules.inbound import CANCEL

# Appointments that somebody can have been reminded of begin within this time.
_AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Option:
    """One of them: its own name (an offer's id, an appointment's reference), whose and when."""

    name: str
    patient: str
    at: datetime

    def words(self, language: str) -> str:
        """As a text says it."""
        return f"{masked_name(self.patient)} {spoken(timezone.localtime(self.at), language)}"


def options(account_id: int, wanted: str, *, now: datetime) -> Sequence[Option]:
    """What the account can answer with this word, the next first."""
    return _reminded_of(account_id, now) if wanted == CANCEL else _offered(account_id, now)


def _offered(account_id: int, now: datetime) -> list[Option]:
    rows = Offer.objects.filter(entry__account_id=account_id, state=OfferState.PENDING, expires_at__gt=now)
    rows = rows.select_related("entry__patient", "slot", "round").order_by("expires_at", "pk")
    return [Option(str(row.pk), row.entry.patient.name, _when(row)) for row in rows]


def _when(offer: Offer) -> datetime:
    if offer.slot is not None:
        return offer.slot.starts_at
    assert offer.round is not None
    return offer.round.until


def _reminded_of(account_id: int, now: datetime) -> list[Option]:
    rows = Appointment.objects.filter(booked_by_id=account_id, status=Status.BOOKED)
    rows = rows.filter(slot__starts_at__gt=now, slot__starts_at__lte=now + _AHEAD).select_related("patient", "slot")
    ahead = list(rows.order_by("slot__starts_at", "pk"))
    keys = {
        f"{kind}:{row.reference}:{row.slot_id}": row.pk
        for row in ahead
        for kind in (MessageKind.REMINDER_DAY, MessageKind.REMINDER_HOURS)
    }
    reminded = Message.objects.filter(key__in=keys, sent_at__isnull=False).values_list("key", flat=True)
    told = {keys[key] for key in reminded}
    return [Option(row.reference, row.patient.name, row.slot.starts_at) for row in ahead if row.pk in told]
