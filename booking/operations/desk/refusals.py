"""What is refused at every desk."""

from typing import Any

from booking.operations.refusals import Refusal


class NotYourPost(Refusal):
    """Whoever does it has no post at the site that may."""

    code = "not_your_post"


class NotCheckedIn(Refusal):
    """Somebody at the desk is not checked in. `result` and `reason` as rules.check_in names them; the reason is the
    code, and the other facts say when and where."""

    code = "not_checked_in"

    def __init__(self, *, result: str, reason: str, **facts: Any) -> None:
        super().__init__(result=result, reason=reason, **facts)
        self.code = reason


class CannotUndo(Refusal):
    """A check-in is not undone. `reason`: "time" (too long ago), "desk" (another one's), "progress" (it went on)."""

    code = "cannot_undo"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
