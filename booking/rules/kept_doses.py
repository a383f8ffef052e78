"""Places of a slot that are kept for second and later doses: how many, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class KeptForLaterDoses:
    """How many in a hundred of a programme's places are kept, and until how many days before a slot begins."""

    percent: int = 0
    until_days: int = 0

    def of(self, places: int, *, starts_at: datetime, now: datetime) -> int:
        """How many of so many places are kept; rounded down, and none of a slot that is so near that none would be."""
        return places * self.percent // 100 if now < kept_until(starts_at, self.until_days) else 0


def kept_until(starts_at: datetime, days: int) -> datetime:
    """When what nobody has taken goes back to everybody."""
    return starts_at - timedelta(days=days)
