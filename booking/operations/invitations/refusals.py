"""The expected "no" of those who make and send lists of people to invite."""

from booking.operations.refusals import Refusal


class ListRefused(Refusal):
    """It cannot be done with this list now.

    `reason` is a code: sent, not_sent, nobody, over, importing, sending, withdrawn, reminded or too_late.
    """

    code = "list_refused"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
