"""Somebody does not want the places that were offered to them. They keep their turn."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.models import OfferState
from booking.operations.freed_places.locked import lock_offer, refuse_if_gone
from booking.operations.freed_places.pass_on import pass_on


def decline_places(*, account_id: int, offer_id: UUID, now: datetime) -> None:
    """Say no: the next person is asked in the same transaction. A second time changes nothing.

    Raises NotFound, and OfferGone once it was accepted, withdrawn or not answered in time.
    """
    with transaction.atomic():
        _, rows, offer = lock_offer(account_id, offer_id)
        if offer.state == OfferState.DECLINED:
            return
        refuse_if_gone(offer, now=now)
        offer.state, offer.answered_at = OfferState.DECLINED, now
        offer.save(update_fields=["state", "answered_at"])
        pass_on(rows, now=now)
