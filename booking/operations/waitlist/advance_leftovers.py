"""What was not answered in time goes to the next person; rounds end when their time has come."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.models import LeftoverRound, Offer, OfferState, RoundState
from booking.operations.waitlist.locked import promised
from booking.operations.waitlist.offer_next import offer_next


def advance_leftovers(*, now: datetime) -> int:
    """Bring every running round forward; returns how many people were asked. Safe to run twice and side by side."""
    running = LeftoverRound.objects.filter(state=RoundState.RUNNING).order_by("begun_at")
    return sum(_advance(round_id, now=now) for round_id in running.values_list("pk", flat=True))


def _advance(round_id: UUID, *, now: datetime) -> int:
    with transaction.atomic():
        rows = LeftoverRound.objects.select_for_update(of=("self",)).select_related("site")
        round_ = rows.filter(pk=round_id, state=RoundState.RUNNING).first()
        if round_ is None:
            return 0
        Offer.objects.filter(round=round_, state=OfferState.PENDING, expires_at__lte=now).update(
            state=OfferState.EXPIRED
        )
        if promised(round_) >= round_.doses:
            _end(round_, RoundState.DONE, now=now)
        elif round_.until <= now:
            _end(round_, RoundState.OVER, now=now)
        else:
            return offer_next(round_, now=now)
    return 0


def _end(round_: LeftoverRound, state: RoundState, *, now: datetime) -> None:
    round_.state, round_.ended_at = state, now
    round_.save(update_fields=["state", "ended_at"])
    # A yes that was taken back and restored leaves somebody asked about a dose that is not there.
    Offer.objects.filter(round=round_, state=OfferState.PENDING).update(state=OfferState.WITHDRAWN, answered_at=now)
