"""An offer under lock. First its round, then the offer, then the entry: everybody keeps this order."""

from datetime import datetime
from uuid import UUID

from booking.models import LeftoverRound, Offer, OfferState, RoundState
from booking.operations.refusals import NotFound
from booking.operations.waitlist.refusals import OfferGone, gone
from booking.queries.promised import promised_offers


def locked_offer(account_id: int, offer_id: UUID) -> tuple[Offer, LeftoverRound]:
    """The account's offer and its round, locked in the transaction. Raises NotFound, also for somebody else's."""
    found = Offer.objects.filter(pk=offer_id, entry__account_id=account_id, round__isnull=False)
    round_id = found.values_list("round_id", flat=True).first()
    if round_id is None:
        raise NotFound(what="offer")
    round_ = LeftoverRound.objects.select_for_update(of=("self",)).select_related("site").get(pk=round_id)
    offer = Offer.objects.select_for_update(of=("self",)).select_related("entry", "appointment").get(pk=offer_id)
    return offer, round_


def refuse_if_gone(offer: Offer, round_: LeftoverRound, *, now: datetime) -> None:
    """Raise OfferGone unless the offer can be answered now."""
    if offer.state != OfferState.PENDING:
        raise gone(offer)
    if offer.expires_at <= now:
        raise OfferGone(reason="expired")
    if round_.state != RoundState.RUNNING or offer.entry.ended_at is not None:
        raise OfferGone(reason="withdrawn")


def promised(round_: LeftoverRound) -> int:
    """How many doses of the round somebody has accepted and still comes for."""
    return promised_offers().filter(round_id=round_.pk).count()
