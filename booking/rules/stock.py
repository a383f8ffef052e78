"""What is left of a batch, and whether a day's sums come out even. Doses, as whole numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

# Plus or minus, by the names of booking.models.MovementKind.
SIGN = {"RECEIVED": 1, "USED": -1, "WASTED": -1, "RETURNED": -1}
# An explanation shorter than this explains nothing.
SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class BatchDay:
    """One batch on one day: what was there in the morning, what came and went (positive numbers), what is left."""

    opening: int
    received: int
    used: int
    wasted: int
    returned: int
    # Plus and minus.
    corrected: int

    @property
    def left(self) -> int:
        """What must be in the fridge now."""
        return self.opening + self.received - self.used - self.wasted - self.returned + self.corrected


def batch_day(opening: int, moved: Mapping[str, int]) -> BatchDay:
    """The day of a batch from the signed sums of its movements by kind."""
    return BatchDay(
        opening=opening,
        received=moved.get("RECEIVED", 0),
        used=-moved.get("USED", 0),
        wasted=-moved.get("WASTED", 0),
        returned=-moved.get("RETURNED", 0),
        corrected=moved.get("CORRECTED", 0),
    )


def needs_explaining(differences: Iterable[int]) -> bool:
    """Whether something was counted that the sums do not say: each batch by itself, never one against another."""
    return any(difference != 0 for difference in differences)


def is_expired(expires_on: date, *, today: date) -> bool:
    """The day itself is the last on which it may be given."""
    return expires_on < today


def days_of_cover(left: int, used: int, *, days: int) -> float | None:
    """How many days like the last ones the doses will do; None where nothing was used."""
    return left * days / used if used > 0 else None
