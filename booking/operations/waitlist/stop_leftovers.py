"""A site takes back what it still offers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.models import LeftoverRound, Offer, OfferState, RoundState
from booking.operations.refusals import NotFound


def stop_leftovers(*, site_id: int, round_id: UUID, now: datetime) -> LeftoverRound:
    """End the round: nobody new is asked, open offers are withdrawn, what was accepted stays. Twice changes nothing.

    Raises NotFound, also for another site's.
    """
    with transaction.atomic():
        round_ = LeftoverRound.objects.select_for_update(of=("self",)).filter(pk=round_id, site_id=site_id).first()
        if round_ is None:
            raise NotFound(what="round")
        if round_.state == RoundState.RUNNING:
            round_.state, round_.ended_at = RoundState.STOPPED, now
            round_.save(update_fields=["state", "ended_at"])
            Offer.objects.filter(round=round_, state=OfferState.PENDING).update(
                state=OfferState.WITHDRAWN, answered_at=now
            )
    return round_
