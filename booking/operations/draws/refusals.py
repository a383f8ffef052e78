"""What draws refuse by."""

from datetime import datetime
from uuid import UUID

from booking.operations.refusals import Refusal


class AlreadyEntered(Refusal):
    """The person is in this draw already. `entry` is given only to the account that entered them."""

    code = "already_entered"

    def __init__(self, *, entry: UUID | None) -> None:
        super().__init__(entry=entry)


class NotEntering(Refusal):
    """Nobody can enter, change or withdraw now. `reason`: not_yet (then `from_time` says when), over or called_off."""

    code = "not_entering"

    def __init__(self, *, reason: str, from_time: datetime | None = None) -> None:
        super().__init__(reason=reason, from_time=from_time)


class WishRefused(Refusal):
    """What was wished for cannot be. `reason`: no_site, too_many_sites, unknown_site or unknown_day."""

    code = "wish_refused"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)


class CannotAnnounce(Refusal):
    """The draw cannot be announced so. `reason`: opens_in_the_past, closes_before_it_opens, days_in_wrong_order,
    days_before_it_closes, no_source, not_by_draw, no_places, days_overlap, previous_not_over or previous_has_next.
    """

    code = "cannot_announce"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)


class CannotDraw(Refusal):
    """The act does not go with how the draw stands. `reason`: not_closed, drawn, called_off or bad_value."""

    code = "cannot_draw"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
