"""When places are released next."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Min, Q

from booking.models import Slot
from booking.queries.programmes import ProgrammeRow, active_programmes

# Seconds. It reads every slot ahead, and changes when an administrator publishes.
_KEEP = 60
_KEY = "releases:next"


@dataclass(frozen=True, slots=True)
class Release:
    """A moment at which places become bookable, and what can be booked then."""

    opens_at: datetime
    programmes: tuple[ProgrammeRow, ...]


def next_release(*, now: datetime) -> Release | None:
    """The next moment at which slots open or a portion of theirs comes, None if nothing is waiting."""
    kept: tuple[Release | None] | None = cache.get(_KEY)
    if kept is not None and (kept[0] is None or kept[0].opens_at > now):
        return kept[0]
    found = _next_release(now)
    cache.set(_KEY, (found,), _KEEP)
    return found


def forget_releases() -> None:
    """The next question reads the ledger: somebody changed when places come."""
    cache.delete(_KEY)


def _next_release(now: datetime) -> Release | None:
    ahead = Slot.objects.standing().filter(closed_at=None, starts_at__gt=now, programme__is_active=True)
    moments = ahead.filter(Q(opens_at__gt=now) | Q(next_portion_at__gt=now)).aggregate(
        opens=Min("opens_at", filter=Q(opens_at__gt=now)),
        portion=Min("next_portion_at", filter=Q(next_portion_at__gt=now)),
    )
    at = min((moment for moment in moments.values() if moment is not None), default=None)
    if at is None:
        return None
    then = ahead.filter(Q(opens_at=at) | Q(next_portion_at=at)).order_by()
    codes = set(then.values_list("programme__code", flat=True).distinct())
    return Release(at, tuple(row for row in active_programmes() if row.code in codes))
