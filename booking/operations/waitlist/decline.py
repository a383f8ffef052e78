"""Somebody does not want what is offered. They keep their turn."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking import enqueue
from booking.models import OfferState
from booking.operations.counted import counted
from booking.operations.freed_places.decline_places import decline_places
from booking.operations.freed_places.locked import is_of_places
from booking.operations.waitlist.locked import locked_offer, refuse_if_gone
from booking.queries.waitlist import OfferFacts, offer_of


@counted("decline_offer")
def decline(*, account_id: int, offer_id: UUID, now: datetime) -> OfferFacts:
    """Say no, so that the next person is asked at once; a second time changes nothing. The wish stays.

    Raises NotFound, and OfferGone once it was accepted, withdrawn or not answered in time.
    """
    if is_of_places(offer_id):
        decline_places(account_id=account_id, offer_id=offer_id, now=now)
    else:
        _decline_dose(account_id, offer_id, now=now)
    facts = offer_of(account_id, offer_id, now=now)
    assert facts is not None
    return facts


def _decline_dose(account_id: int, offer_id: UUID, *, now: datetime) -> None:
    with transaction.atomic():
        offer, round_ = locked_offer(account_id, offer_id)
        if offer.state != OfferState.DECLINED:
            refuse_if_gone(offer, round_, now=now)
            offer.state, offer.answered_at = OfferState.DECLINED, now
            offer.save(update_fields=["state", "answered_at"])
            enqueue.advance_leftovers(now=now)
