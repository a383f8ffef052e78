"""When places are released next."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from booking.models import Slot
from booking.queries.programmes import ProgrammeRow, active_programmes

# Seconds. It reads every slot ahead, and changes when an administrator publishes.
_KEEP = 60


@dataclass(frozen=True, slots=True)
class Release:
    """A moment at which places become bookable, and what can be booked then."""

    opens_at: datetime
    programmes: tuple[ProgrammeRow, ...]


def next_release(*, now: datetime) -> Release | None:
    """The next moment at which slots open, None if none are waiting."""
    kept: tuple[Release | None] | None = cache.get("releases:next")
    if kept is not None and (kept[0] is None or kept[0].opens_at > now):
        return kept[0]
    waiting = Slot.objects.standing().filter(opens_at__gt=now, closed_at=None, programme__is_active=True)
    opens_at = waiting.order_by("opens_at").values_list("opens_at", flat=True).first()
    found = None
    if opens_at is not None:
        codes = set(waiting.filter(opens_at=opens_at).order_by().values_list("programme__code", flat=True).distinct())
        found = Release(opens_at, tuple(row for row in active_programmes() if row.code in codes))
    cache.set("releases:next", (found,), _KEEP)
    return found
