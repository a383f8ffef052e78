"""Somebody is asked whether they want the places that are kept for them."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection

from booking import enqueue
from booking.models import Appointment, Message, MessageKind, Offer, Slot
from booking.operations.freed_places.find_takers import Taker
from booking.rules.freed_places import answer_until

_KEEP = """
UPDATE booking_appointment a SET kept_for_id = k.offer, release_at = k.until, restorable_until = NULL
FROM unnest(%s::bigint[], %s::uuid[], %s::timestamptz[]) AS k(id, offer, until) WHERE a.id = k.id
"""


def make_offers(
    wanted: Sequence[tuple[Taker, Sequence[Appointment]]], slots: Mapping[int, Slot], *, now: datetime
) -> int:
    """Keep the numbers for the takers until they may no longer answer, and tell them; returns how many are asked.

    In the caller's transaction, which has numbers and entries locked.
    """
    offers, kept = [], []
    for taker, rows in wanted:
        slot = slots[taker.slot_id]
        until = answer_until(starts_at=slot.starts_at, now=now, minutes=settings.OFFER_ANSWER_MINUTES)
        if until is None:
            raise ValueError("too late to ask anybody")
        offer = Offer(
            id=uuid.uuid4(), entry=taker.entry, site_id=slot.site_id, slot=slot, made_at=now, expires_at=until
        )
        offers.append(offer)
        kept += [(row.pk, offer.pk, until) for row in rows]
    Offer.objects.bulk_create(offers)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [list(column) for column in zip(*kept, strict=True)])
    _tell(offers, now=now)
    return len(offers)


def _tell(offers: Sequence[Offer], *, now: datetime) -> None:
    Message.objects.bulk_create(
        Message(
            key=f"{MessageKind.PLACE_OFFERED}:{offer.pk}",
            kind=MessageKind.PLACE_OFFERED,
            account_id=offer.entry.account_id,
            patient_id=offer.entry.patient_id,
            created_at=now,
            due_at=now,
        )
        for offer in offers
    )
    enqueue.send_messages(now=now)
    for until in {offer.expires_at for offer in offers}:
        enqueue.release_places(at=until)
