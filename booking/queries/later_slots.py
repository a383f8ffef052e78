"""Slots with room from a day on: where a later dose may go when the one before it moves."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from django.db.models import QuerySet

from booking.models import Slot
from booking.queries.availability import SlotRow, day_bounds, places_left, slot_rows
from booking.queries.nearest import NearSlot

# So many slots are asked about in one round trip; so many times, before it counts as full.
_PORTION = 60
_PORTIONS = 5


def later_slots(*, site_id: int, programme_id: int, first: date, now: datetime, most: int) -> list[NearSlot]:
    """The site's open slots of the programme with places left from `first` on, earliest first."""
    return _with_room(Slot.objects.standing().filter(site_id=site_id), programme_id, first, now, most)


def later_slots_near(*, site_id: int, programme_id: int, first: date, now: datetime, most: int) -> list[NearSlot]:
    """The same for the other sites of the site's district."""
    near = Slot.objects.standing().filter(site__is_active=True, site__district__sites=site_id).exclude(site_id=site_id)
    return _with_room(near, programme_id, first, now, most)


def _with_room(slots: QuerySet[Slot], programme_id: int, first: date, now: datetime, most: int) -> list[NearSlot]:
    start = max(day_bounds(first, first)[0], now)
    found = slots.filter(programme_id=programme_id, starts_at__gte=start, opens_at__lte=now, closed_at=None)
    return list(islice(_rooms(found, now), most))


def _rooms(found: QuerySet[Slot], now: datetime) -> Iterator[NearSlot]:
    ordered = list(found.order_by("starts_at", "pk").values_list("pk", flat=True)[: _PORTION * _PORTIONS])
    for start in range(0, len(ordered), _PORTION):
        rows = slot_rows(Slot.objects.filter(pk__in=ordered[start : start + _PORTION]))
        left = places_left(rows, now=now)
        yield from (_near(row, left[row.slot_id]) for row in rows if left[row.slot_id] > 0)


def _near(row: SlotRow, left: int) -> NearSlot:
    return NearSlot(
        row.slot_id, row.site_code, row.programme_code, row.starts_at, row.ends_at, row.opens_at, row.quota, left
    )
