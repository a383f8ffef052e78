"""An account that somebody has locked takes no place; it reads, cancels and appeals."""

from booking.operations.touts.refusals import BookingLocked
from booking.queries.touts import is_locked


def refuse_if_locked(account_id: int) -> None:
    """Raise BookingLocked as far as this process knows; it costs a statement in a few seconds."""
    if is_locked(account_id):
        raise BookingLocked()
