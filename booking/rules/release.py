"""When a slot becomes bookable, and how much of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise


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


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the release of a slot has come: how many places are out, how many wait, and since or until when."""

    opens_at: datetime
    quota: int
    kept_later: int
    next_portion_at: datetime | None


def problem_with(portions: Sequence[Portion]) -> str:
    """Why these cannot be portions: "percent", "first", "order" or "sum"; empty if they can."""
    minutes = [portion.minutes for portion in portions]
    if any(not 1 <= portion.percent <= 100 for portion in portions):
        return "percent"
    if not minutes or minutes[0] != 0:
        return "first"
    if any(later <= earlier for earlier, later in pairwise(minutes)):
        return "order"
    return "" if sum(portion.percent for portion in portions) == 100 else "sum"


def released(places: int, portions: Sequence[Portion], *, since: timedelta) -> int:
    """How many of the places are out, so long after opening; rounded down until the last portion, which brings all."""
    due = [portion for portion in portions if timedelta(minutes=portion.minutes) <= since]
    return places if len(due) == len(portions) else places * sum(portion.percent for portion in due) // 100


def next_portion(portions: Sequence[Portion], *, since: timedelta) -> timedelta | None:
    """How long after opening the next portion comes, None after the last."""
    later = [timedelta(minutes=portion.minutes) for portion in portions if timedelta(minutes=portion.minutes) > since]
    return min(later, default=None)


def standing(places: int, portions: Sequence[Portion], *, opens_at: datetime, now: datetime) -> Standing:
    """How a slot of so many places stands that opens, or opened, at that moment.

    Before it opens its first portion is its quota already: nobody can book it until then.
    """
    since = max(now - opens_at, timedelta(0))
    quota, after = released(places, portions, since=since), next_portion(portions, since=since)
    # With nothing left to come there is nothing to wait for.
    waits = after is not None and quota < places
    return Standing(opens_at, quota, places - quota, opens_at + after if after is not None and waits else None)


def after_portion(
    quota: int, kept_later: int, portions: Sequence[Portion], *, opens_at: datetime, now: datetime
) -> Standing:
    """How a slot stands once the portions that are due are out. What is out already is never taken back."""
    due = standing(quota + kept_later, portions, opens_at=opens_at, now=now)
    out = max(due.quota, quota)
    kept = quota + kept_later - out
    return Standing(opens_at, out, kept, due.next_portion_at if kept else None)


def portions_ahead(
    quota: int, kept_later: int, next_at: datetime | None, portions: Sequence[Portion], *, opens_at: datetime
) -> Iterator[tuple[datetime, int]]:
    """The portions that a slot still has before it: when each comes, and how many places it brings."""
    while next_at is not None and kept_later:
        after = after_portion(quota, kept_later, portions, opens_at=opens_at, now=next_at)
        if after.quota > quota:
            yield next_at, after.quota - quota
        quota, kept_later, next_at = after.quota, after.kept_later, after.next_portion_at
