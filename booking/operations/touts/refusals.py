"""What is refused to an account that somebody has locked, and to whoever judges it."""

from booking.operations.refusals import Refusal


class BookingLocked(Refusal):
    """Somebody has locked the account's booking. It may appeal; what it has booked stands."""

    code = "booking_locked"


class AlreadyDecided(Refusal):
    """Somebody else has judged it meanwhile, or there is nothing to answer."""

    code = "already_decided"


class AppealMissing(Refusal):
    """An appeal without words."""

    code = "appeal_missing"
