"""Every expected "no", by name. A refusal carries facts; the doors turn it into words or a code."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any


class Refusal(Exception):
    """Base of all refusals. `code` is what the API says; `facts` are its members."""

    code = "refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def about(self, **facts: Any) -> "Refusal":
        """The same refusal, also saying whom or what it is about where several were asked for."""
        self.facts = {**self.facts, **facts}
        return self


class SlotFull(Refusal):
    """No place is left. The door may add the nearest free slots."""

    code = "slot_full"


class NotOpen(Refusal):
    """The slot is not released yet."""

    code = "not_open"

    def __init__(self, *, opens_at: datetime) -> None:
        super().__init__(opens_at=opens_at)


class SlotClosed(Refusal):
    """The slot was closed, has begun, or does not exist any more."""

    code = "slot_closed"


class AlreadyBooked(Refusal):
    """The person has a live appointment for this dose. `reference` is given only to the account that booked it."""

    code = "already_booked"

    def __init__(self, *, reference: str | None) -> None:
        super().__init__(reference=reference)


class NotEligible(Refusal):
    """The programme is not for this person, or not yet. `reason` is a code; `from_date` is when it will be."""

    code = "not_eligible"

    def __init__(self, *, reason: str, from_date: date | None = None) -> None:
        super().__init__(reason=reason, from_date=from_date)


class NotYourTurn(Refusal):
    """The programme's places are released in a way in which it is not this person's turn, or not yet.

    `reason` is a code of rules.release_modes; `from_time` is when it will be, if that is known.
    """

    code = "not_your_turn"

    def __init__(self, *, reason: str, from_time: datetime | None = None) -> None:
        super().__init__(reason=reason, from_time=from_time)


class ProofNeeded(Refusal):
    """Many press at this moment: a proof of work is wanted, or a short wait.

    `challenge` is one of ALTCHA's; `wait` counts as a proof after `wait_seconds`.
    """

    code = "proof_needed"

    def __init__(self, *, challenge: dict[str, Any], wait: str, wait_seconds: int) -> None:
        super().__init__(challenge=challenge, wait=wait, wait_seconds=wait_seconds)


class HoldExpired(Refusal):
    """The held place went back before it was confirmed."""

    code = "hold_expired"


class AlreadyExtended(Refusal):
    """The held place was kept longer once; that is as often as it goes."""

    code = "already_extended"


class RequestKeyReused(Refusal):
    """The key was used before, for another request."""

    code = "request_key_reused"


class NotFound(Refusal):
    """There is no such thing, or it is somebody else's: the answer is the same."""

    code = "not_found"


class NotSignedIn(Refusal):
    """The caller has signed out since the token was issued."""

    code = "not_signed_in"


class TooLate(Refusal):
    """The time for this act has passed."""

    code = "too_late"


class NoChangesLeft(Refusal):
    """The appointment was moved as often as the city allows."""

    code = "no_changes_left"


class NoSecondPlace(Refusal):
    """A dose cannot move, because the next one would have to move along and its site has no place late enough.

    `dose` is the next one, `from_date` the first day that would do, `nearest` slots of other sites that would.
    """

    code = "no_second_place"

    def __init__(self, *, dose: int, from_date: date, nearest: Sequence[Any]) -> None:
        super().__init__(dose=dose, from_date=from_date, nearest=nearest)


class WrongStatus(Refusal):
    """The appointment is in a status from which this act is not possible."""

    code = "wrong_status"

    def __init__(self, *, status: str) -> None:
        super().__init__(status=status)


class StillBooked(Refusal):
    """The account has appointments ahead, `count` of them, so it cannot be deleted yet.

    `waiting` of them cannot be cancelled either: the patient is at the site now.
    """

    code = "still_booked"

    def __init__(self, *, count: int, waiting: int) -> None:
        super().__init__(count=count, waiting=waiting)


class QuotaBelowTaken(Refusal):
    """The quota would be lower than the places that are taken."""

    code = "quota_below_taken"

    def __init__(self, *, taken: int) -> None:
        super().__init__(taken=taken)


class FileUnreadable(Refusal):
    """The uploaded file is no table that could be taken in. `reason` is a code, the other facts go with it."""

    code = "file_unreadable"

    def __init__(self, *, reason: str, **facts: Any) -> None:
        super().__init__(reason=reason, **facts)


class Paused(Refusal):
    """The city has paused all booking, and says why in `text` and `text_en`. What is booked stays."""

    code = "paused"

    def __init__(self, *, text: str, text_en: str) -> None:
        super().__init__(text=text, text_en=text_en)


class Busy(Refusal):
    """Nothing was decided; try again after `retry_after` seconds."""

    code = "busy"

    def __init__(self, *, retry_after: int = 2) -> None:
        super().__init__(retry_after=retry_after)
