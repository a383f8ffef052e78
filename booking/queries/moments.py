"""Moments as text: ISO 8601 with the city's offset."""

from datetime import datetime
from functools import lru_cache

from django.utils import timezone


@lru_cache(maxsize=4096)
def moment(at: datetime | None) -> str | None:
    """ISO 8601 with the city's offset. Kept, because a city's slots begin at the same few hundred moments."""
    return None if at is None else timezone.localtime(at).isoformat()


def to_the_second(at: datetime) -> str:
    """The same without fractions of a second, for people to read."""
    return timezone.localtime(at).isoformat(timespec="seconds")
