"""A site's batches: what is left of each, and what a day has done to it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from booking.models import Batch, DayClose, StockMovement
from booking.queries.availability import day_bounds
from booking.rules.stock import BatchDay, batch_day
from sites.models import Site

# Finished batches are shown for so many days more: a count may still turn something up.
SHOWN_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch with its day. `day.left` is what must be there now."""

    batch: Batch
    day: BatchDay


def stock_of(site: Site, *, day: date) -> list[BatchRow]:
    """The batches that are in use at the site, or had a movement that day; those that expire first stand first."""
    start, end = day_bounds(day, day)
    wanted = Q(finished_at=None) | Q(finished_at__gte=start - SHOWN_AFTER) | Q(movements__at__gte=start)
    rows = list(Batch.objects.filter(wanted, site=site).select_related("vaccine").distinct())
    opening: dict[int, int] = {}
    moved: dict[int, dict[str, int]] = defaultdict(dict)
    movements = StockMovement.objects.filter(batch__in=rows)
    for batch_id, doses in movements.filter(at__lt=start).values_list("batch").annotate(Sum("doses")):
        opening[batch_id] = doses
    today = movements.filter(at__gte=start, at__lt=end)
    for batch_id, kind, doses in today.values_list("batch", "kind").annotate(Sum("doses")):
        moved[batch_id][kind] = doses
    return [BatchRow(row, batch_day(opening.get(row.pk, 0), moved[row.pk])) for row in rows]


def doses_left(batch_id: int) -> int:
    """How many doses of a batch are left by the ledger; below zero if more were used than were received."""
    found: int | None = StockMovement.objects.filter(batch_id=batch_id).aggregate(sum=Sum("doses"))["sum"]
    return found or 0


@dataclass(frozen=True, slots=True)
class Closed:
    """How a day was closed, and whether something moved afterwards, as when a device came back late."""

    close: DayClose
    moved_since: int


def close_of(site: Site, *, day: date) -> Closed | None:
    """The closing of the site's day, None while it is open."""
    close = DayClose.objects.filter(site=site, day=day).select_related("by").first()
    if close is None:
        return None
    start, end = day_bounds(day, day)
    later = StockMovement.objects.filter(batch__site=site, at__gte=start, at__lt=end, pk__gt=close.sums["last"])
    return Closed(close, later.count())
