"""Where there is room for those whose slot was closed: the slots of one day at some sites."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from booking.models import Slot
from booking.queries.availability import day_bounds, left_of


@dataclass(frozen=True, slots=True)
class Room:
    """An open, released slot with places left."""

    slot_id: int
    site_id: int
    starts_at: datetime
    left: int


def rooms_on(day: date, *, site_ids: Collection[int], programme_id: int, now: datetime) -> list[Room]:
    """The slots with room of a programme on one day at these sites; two statements and one round trip to the gate."""
    start, end = day_bounds(day, day)
    found = Slot.objects.standing().filter(
        programme_id=programme_id,
        programme__is_active=True,
        site_id__in=site_ids,
        starts_at__gte=max(start, now),
        starts_at__lt=end,
        opens_at__lte=now,
        closed_at=None,
        quota__gt=0,
    )
    rows = list(found.values_list("pk", "site_id", "starts_at", "quota"))
    # Of a thousand slots a few are wanted; whoever wants one loads it by asking for a place.
    left = left_of({row[0]: row[3] for row in rows}, now=now, load=False)
    return [Room(pk, site_id, at, left[pk]) for pk, site_id, at, _ in rows if left[pk] > 0]
