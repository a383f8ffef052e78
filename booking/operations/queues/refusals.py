"""What keeps people out of a release that has a queue."""

from datetime import datetime

from booking.operations.refusals import Refusal


class QueuePlaceMissing(Refusal):
    """The release has a queue, and this person brought no place in it. `queue` is its number."""

    code = "queue_place_missing"

    def __init__(self, *, queue: int) -> None:
        super().__init__(queue=queue)


class QueuePlaceWrong(Refusal):
    """What was brought is no place of this person in this queue: made up, changed, somebody else's, or over."""

    code = "queue_place_wrong"

    def __init__(self, *, queue: int) -> None:
        super().__init__(queue=queue)


class QueueNotYet(Refusal):
    """The place is good, but it is not its turn; `let_in_at` is when, None until the release has opened."""

    code = "queue_not_yet"

    def __init__(self, *, queue: int, let_in_at: datetime | None) -> None:
        super().__init__(queue=queue, let_in_at=let_in_at)


class QueueNotOpen(Refusal):
    """Nobody can join the queue now: it is too early (`lobby_from` says from when), too late, or it was cancelled."""

    code = "queue_not_open"

    def __init__(self, *, queue: int, reason: str, lobby_from: datetime) -> None:
        super().__init__(queue=queue, reason=reason, lobby_from=lobby_from)


class CannotSetQueue(Refusal):
    """The queue cannot be made or changed like that; `reason` is a code."""

    code = "cannot_set_queue"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
