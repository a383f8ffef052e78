"""When a slot becomes bookable, and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Portion:
    """So many percent of a slot's places, so many minutes after it opened."""

    percent: int
    minutes: int


ALL_AT_ONCE = (Portion(100, 0),)


@dataclass(frozen=True, slots=True)
class Release:
    """How slots are released: at which time of day, how many days ahead, in which portions."""

    opens: time
    days_ahead: int
    portions: Sequence[Portion] = ALL_AT_ONCE

    def opens_at(self, day: date, zone: tzinfo) -> datetime:
        """When the slots of that day become bookable."""
        return datetime.combine(day - timedelta(days=self.days_ahead), self.opens, zone)


def released(places: int, portions: Sequence[Portion], *, since: timedelta) -> int:
    """How many of the places are out, so long after opening; rounded down until the last portion, which brings all."""
    due = [portion for portion in portions if timedelta(minutes=portion.minutes) <= since]
    return places if len(due) == len(portions) else places * sum(portion.percent for portion in due) // 100


def next_portion(portions: Sequence[Portion], *, since: timedelta) -> timedelta | None:
    """How long after opening the next portion comes, None after the last."""
    later = [timedelta(minutes=portion.minutes) for portion in portions if timedelta(minutes=portion.minutes) > since]
    return min(later, default=None)
