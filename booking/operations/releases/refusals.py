"""What the setting of releases refuses by."""

from booking.operations.refusals import Refusal


class ModeNotSet(Refusal):
    """The way of release stays as it is. `reason`: changed (somebody else has), no_cohorts or nothing_to_undo."""

    code = "mode_not_set"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
