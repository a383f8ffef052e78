"""What is refused to whoever takes care of alerts."""

from booking.operations.refusals import Refusal


class AlertClaimed(Refusal):
    """Somebody else was first. `by` is how that account is known."""

    code = "alert_claimed"

    def __init__(self, *, by: str) -> None:
        super().__init__(by=by)


class AlertOver(Refusal):
    """The alert has ended by itself, or somebody has handled it already."""

    code = "alert_over"
