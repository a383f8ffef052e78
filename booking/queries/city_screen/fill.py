"""How full the days ahead are: by site and day, from the figures that a job counts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Max, Sum
from django.utils import timezone

from booking.models import HourFigure
from booking.queries.figures.age import counted_at

DAYS = 7
_KEEP = 60
_Places = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fill:
    """Quota and places taken, by site and day; when that was counted, None if it never was."""

    by_site: dict[int, dict[date, _Places]]
    counted_at: datetime | None

    def of(self, site_id: int) -> _Places:
        """The site's days together."""
        days = self.by_site.get(site_id, {}).values()
        return sum(quota for quota, _ in days), sum(taken for _, taken in days)


def fill_ahead(*, now: datetime) -> Fill:
    """Today and the six days after it. One statement a minute, for all processes together."""
    first = timezone.localdate(now)
    key = f"city_screen:fill:{first}"
    kept: Fill | None = cache.get(key)
    if kept is None:
        kept = _fill(first)
        cache.set(key, kept, _KEEP)
    return kept


def full_days(fill: Fill, district_of: dict[int, str]) -> dict[str, list[bool]]:
    """By district, for each day on which it has places at all, in order, whether none is left."""
    sums: dict[str, dict[date, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for site_id, days in fill.by_site.items():
        for day, (quota, taken) in days.items():
            places = sums[district_of[site_id]][day]
            places[0] += quota
            places[1] += taken
    return {
        district: [taken >= quota for _, (quota, taken) in sorted(days.items()) if quota]
        for district, days in sums.items()
    }


def _fill(first: date) -> Fill:
    days = HourFigure.objects.filter(day__range=(first, first + timedelta(days=DAYS - 1))).order_by()
    rows = days.values_list("site_id", "day").annotate(Sum("quota"), Sum("taken"), Max("counted_at"))
    by_site: dict[int, dict[date, _Places]] = defaultdict(dict)
    newest: datetime | None = None
    for site_id, day, quota, taken, at in rows:
        by_site[site_id][day] = (quota, taken)
        newest = at if newest is None else max(newest, at)
    return Fill(dict(by_site), counted_at(newest))
