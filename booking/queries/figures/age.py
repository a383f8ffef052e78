"""When the figures were counted last.

A counting writes only what has changed, so its time is kept beside them; without the cache the newest change is told.
"""

from datetime import datetime

from django.core.cache import cache

_KEY = "figures:counted_at"


def remember_counting(*, now: datetime) -> None:
    """Every day that is counted regularly has been counted."""
    cache.set(_KEY, now, None)


def counted_at(newest_change: datetime | None) -> datetime | None:
    """When the last counting ended, or the newest change among what is shown; None if nothing ever was counted."""
    known: datetime | None = cache.get(_KEY)
    return max(filter(None, (known, newest_change)), default=None)
