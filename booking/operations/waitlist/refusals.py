"""What the waitlist and leftover doses refuse by."""

from booking.models import Offer, OfferState
from booking.operations.refusals import Refusal


class AlreadyWaiting(Refusal):
    """The person waits for this programme already, by another account."""

    code = "already_waiting"


class OfferGone(Refusal):
    """The offer cannot be accepted or declined any more. `reason`: expired, declined, withdrawn or taken."""

    code = "offer_gone"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)


class CannotBegin(Refusal):
    """Leftover doses cannot be offered now. `reason`: running, no_slot, too_soon, not_today or quiet."""

    code = "cannot_begin"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)


_GONE = {
    OfferState.DECLINED: "declined",
    OfferState.EXPIRED: "expired",
    OfferState.WITHDRAWN: "withdrawn",
    OfferState.ACCEPTED: "taken",
}


def gone(offer: Offer) -> OfferGone:
    """Why an offer that is not open any more cannot be answered."""
    return OfferGone(reason=_GONE[OfferState(offer.state)])
