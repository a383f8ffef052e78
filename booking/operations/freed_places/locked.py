"""Slots and given-up numbers under lock, in the one order that everybody keeps."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from booking.models import Appointment, Offer, OfferState, Slot, Status, WaitlistEntry
from booking.operations.refusals import NotFound
from booking.operations.waitlist.refusals import OfferGone, gone


def share_slots(slot_ids: Collection[int]) -> dict[int, Slot]:
    """The slots with site and programme, so that nobody closes them or changes their quota until the transaction ends.

    Whoever books shares them too and does not wait.
    """
    keys = sorted(set(slot_ids))
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM booking_slot WHERE id = ANY(%s) ORDER BY id FOR SHARE", [keys])
    return Slot.objects.select_related("site", "programme").in_bulk(keys)


def given_up() -> QuerySet[Appointment]:
    """The rows that hold a number which nobody has: of cancellations, and of appointments that have moved away."""
    return Appointment.objects.filter(status=Status.CANCELLED, place__isnull=False)


def lock_due(slot_ids: Collection[int], *, now: datetime) -> list[Appointment]:
    """Numbers of these slots whose time has come; those that somebody else is passing on are left to them."""
    rows = given_up().filter(slot_id__in=slot_ids, release_at__lte=now)
    return list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))


def is_of_places(offer_id: UUID) -> bool:
    """Whether the offer is one of freed places, and not of a leftover dose."""
    return Offer.objects.filter(pk=offer_id, slot__isnull=False).exists()


def lock_offer(account_id: int, offer_id: UUID) -> tuple[Slot, list[Appointment], Offer]:
    """The account's offer with its slot and the numbers that are kept for it. Raises NotFound."""
    found = Offer.objects.filter(pk=offer_id, entry__account_id=account_id, slot__isnull=False)
    slot_id = found.values_list("slot_id", flat=True).first()
    if slot_id is None:
        raise NotFound(what="offer")
    slot = share_slots([slot_id])[slot_id]
    rows = list(given_up().filter(kept_for=offer_id).select_for_update(of=("self",)).order_by("pk"))
    offer = Offer.objects.select_for_update(of=("self",)).select_related("appointment").get(pk=offer_id)
    offer.entry = WaitlistEntry.objects.select_for_update(of=("self",)).get(pk=offer.entry_id)
    return slot, rows, offer


def refuse_if_gone(offer: Offer, *, now: datetime) -> None:
    """Raise OfferGone unless the offer can be answered now."""
    if offer.state != OfferState.PENDING:
        raise gone(offer)
    if offer.expires_at <= now:
        raise OfferGone(reason="expired")
    if offer.entry.ended_at is not None:
        raise OfferGone(reason="withdrawn")
