"""A site's rounds of leftover doses of a day, with what people answered; names masked."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.masking import masked_name
from booking.models import LeftoverRound, Offer, OfferState, RoundState
from booking.queries.availability import day_bounds
from booking.queries.moments import moment
from booking.queries.promised import promised_offers


def leftover_rounds(*, site_id: int, now: datetime) -> list[dict[str, Any]]:
    """The rounds of today, the latest first. Three statements."""
    today = timezone.localdate(now)
    rounds = list(
        LeftoverRound.objects.filter(site_id=site_id, begun_at__range=day_bounds(today, today))
        .select_related("programme", "batch")
        .order_by("-begun_at", "pk")
    )
    offers: defaultdict[UUID | None, list[Offer]] = defaultdict(list)
    rows = Offer.objects.filter(round__in=rounds).select_related("entry__patient", "appointment")
    for offer in rows.order_by("made_at", "pk"):
        offers[offer.round_id].append(offer)
    coming = set(promised_offers().filter(round__in=rounds).values_list("pk", flat=True))
    return [_round(row, offers[row.pk], coming, now) for row in rounds]


def _round(row: LeftoverRound, offers: list[Offer], coming: set[UUID], now: datetime) -> dict[str, Any]:
    promised = sum(offer.pk in coming for offer in offers)
    # The job that notes it comes within a minute.
    is_over = row.state == RoundState.RUNNING and row.until <= now
    return {
        "id": str(row.pk),
        "state": "over" if is_over else row.state.lower(),
        "programme": row.programme.code,
        "programme_name": row.programme.name,
        "programme_name_en": row.programme.name_en,
        "batch": row.batch.number if row.batch else "",
        "doses": row.doses,
        "promised": promised,
        "left": max(row.doses - promised, 0),
        "until": moment(row.until),
        "begun_at": moment(row.begun_at),
        "offers": [_offer(offer, now, comes=offer.pk in coming) for offer in offers],
    }


def _offer(offer: Offer, now: datetime, *, comes: bool) -> dict[str, Any]:
    is_over = offer.state == OfferState.PENDING and offer.expires_at <= now
    appointment = offer.appointment
    return {
        "id": str(offer.pk),
        "name": masked_name(offer.entry.patient.name),
        "state": "expired" if is_over else offer.state.lower(),
        "made_at": moment(offer.made_at),
        "expires_at": moment(offer.expires_at),
        "answered_at": moment(offer.answered_at),
        "comes": comes,
        "reference": appointment.reference if appointment else None,
        "appointment_status": appointment.status.lower() if appointment else None,
    }
