"""The city screen for one part of the city: figures, tiles, sites, charts, and the alerts that are open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from booking.models import Alert
from booking.queries.city_screen.alerts import Open
from booking.queries.city_screen.counted import MINUTES, QUARTERS, Counted, Day
from booking.rules.alerts import SEVERITIES, SiteNow
from booking.rules.figures import fill_class, percent
from booking.rules.line_chart import Chart, chart
from booking.rules.tile_map import tiles

# The job writes each minute; after so long the numbers have stopped.
STALE_AFTER = timedelta(minutes=3)
_MINUTE, _QUARTER = timedelta(minutes=1), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of today and the same of a week ago at this time; None where it is not known."""

    name: str
    value: float | None
    before: float | None
    is_share: bool = False

    @property
    def difference(self) -> float | None:
        """How much more than a week ago: in percent, of a share in points."""
        if self.value is None or self.before is None or not (self.is_share or self.before):
            return None
        if self.is_share:
            return round(self.value - self.before, 1)
        return round((self.value - self.before) * 100 / self.before)


@dataclass(frozen=True, slots=True)
class Place:
    """A site, or a district with its tile: how full the days ahead are, who waits, and the worst alert there."""

    code: str
    name: str
    percent: int | None
    look: str
    waiting: int
    waited_minutes: int
    alerts: int
    worst: str
    row: int = 0
    column: int = 0
    sites: tuple["Place", ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """All of it. `told_at` is the minute at which the numbers stand; None while none was ever written."""

    counted_at: datetime
    told_at: datetime | None
    is_stale: bool
    filled_at: datetime | None
    figures: list[Figure]
    tiles: list[Place]
    chosen: Place | None
    bookings: Chart
    check_ins: Chart
    queue: Chart
    alerts: Open


def screen(
    numbers: Counted, alerts: Open, *, districts: Collection[str] | None, chosen: str = "", now: datetime
) -> Screen:
    """The screen of these districts (None: all of them); `chosen` is the one whose sites are listed."""
    own = [row for row in numbers.districts if districts is None or row.code in districts]
    codes = [row.code for row in own]
    found = _tiles(numbers, own, alerts)
    return Screen(
        counted_at=numbers.counted_at,
        told_at=numbers.told_at,
        is_stale=numbers.told_at is None or now - numbers.told_at > STALE_AFTER,
        filled_at=numbers.fill.counted_at,
        figures=_figures(_sum(numbers.today, codes), _sum(numbers.week_ago, codes)),
        tiles=found,
        chosen=next((tile for tile in found if tile.code == chosen), None),
        bookings=_by_minute(numbers, codes, 0, threshold=settings.BOOKINGS_A_MINUTE_LINE or None),
        check_ins=_by_quarter(numbers, codes),
        queue=_by_minute(numbers, codes, 1),
        alerts=alerts,
    )


def _sum(days: dict[str, Day], codes: Iterable[str]) -> Day | None:
    there = [days[code] for code in codes if code in days]
    if not there:
        return None
    whole = Day()
    for one in there:
        whole.counts += one.counts
        if one.leftover is not None:
            whole.leftover = (whole.leftover or 0) + one.leftover
    return whole


def _figures(today: Day | None, before: Day | None) -> list[Figure]:
    def both(read: Any) -> tuple[float | None, float | None]:
        return read(today) if today else 0, read(before) if before else None

    def share(day: Day) -> float | None:
        expected = day.counts.no_show + day.counts.checked_in
        return round(day.counts.no_show * 100 / expected, 1) if expected > 0 else None

    return [
        Figure("booked", *both(lambda day: day.counts.booked)),
        Figure("checked_in", *both(lambda day: day.counts.checked_in)),
        Figure("fulfilled", *both(lambda day: day.counts.fulfilled)),
        Figure("no_shows", share(today) if today else None, share(before) if before else None, is_share=True),
        Figure("leftovers", (today.leftover or 0) if today else 0, before.leftover if before else None),
    ]


def _tiles(numbers: Counted, own: list[Any], alerts: Open) -> list[Place]:
    where = tiles({row.code: (row.longitude, row.latitude) for row in own})
    alerts_at: dict[int | None, list[Alert]] = {}
    alerts_in: dict[str | None, list[Alert]] = {}
    for alert in alerts.waiting:
        alerts_at.setdefault(alert.site_id, []).append(alert)
        alerts_in.setdefault(alert.district_id, []).append(alert)
    sites: dict[str, list[Place]] = {row.code: [] for row in own}
    places: dict[str, tuple[int, int]] = {row.code: (0, 0) for row in own}
    for site in numbers.sites:
        if site.district_id not in sites:
            continue
        quota, taken = numbers.fill.of(site.pk)
        so_far = places[site.district_id]
        places[site.district_id] = (so_far[0] + quota, so_far[1] + taken)
        there = numbers.waiting.get(site.pk, SiteNow(site.pk))
        sites[site.district_id].append(_place(site.code, site, quota, taken, there, alerts_at.get(site.pk, [])))
    made = []
    for row in own:
        inside = sorted(sites[row.code], key=_first)
        waits = [site.waited_minutes for site in inside]
        whole = SiteNow(0, waiting=sum(site.waiting for site in inside), waited_minutes=max(waits, default=0))
        tile = _place(row.code, row, *places[row.code], whole, alerts_in.get(row.code, []))
        at_row, at_column = where[row.code]
        made.append(replace(tile, row=at_row, column=at_column, sites=tuple(inside)))
    return sorted(made, key=lambda tile: (tile.row, tile.column))


def _place(code: str, row: Any, quota: int, taken: int, there: SiteNow, alerts: list[Alert]) -> Place:
    share = percent(min(taken, quota), quota)
    worst = min((alert.severity for alert in alerts), key=SEVERITIES.index, default="")
    look = fill_class(share)
    return Place(code, named(row), share, look, there.waiting, there.waited_minutes, len(alerts), worst)


def _first(site: Place) -> tuple[int, int, int, str]:
    """What wants attention stands first."""
    severity = SEVERITIES.index(site.worst) if site.worst else len(SEVERITIES)
    return severity, -site.waited_minutes, -(site.percent or 0), site.code


def named(row: Any) -> str:
    """A site or district in the reader's language."""
    return str(row.name_en or row.name) if (get_language() or "").startswith("en") else str(row.name)


def _by_minute(numbers: Counted, codes: list[str], which: int, *, threshold: int | None = None) -> Chart:
    last = numbers.told_at or numbers.counted_at.replace(second=0, microsecond=0)
    values: list[tuple[str, int | None]] = []
    for n in range(MINUTES - 1, -1, -1):
        minute = last - n * _MINUTE
        there = numbers.minutes.get(minute)
        value = None if there is None else sum(there.get(code, (0, 0))[which] for code in codes)
        values.append((_clock(minute), value))
    return chart(_spread(values) if which == 0 else values, threshold=threshold, every=10)


def _spread(values: list[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    """Where minutes were missed, what the next one holds is of all of them: each gets its part."""
    spread, missed = list(values), 0
    known = next((n for n, (_, value) in enumerate(values) if value is not None), len(values))
    for n in range(known, len(values)):
        label, value = values[n]
        if value is None:
            missed += 1
            continue
        for back in range(missed + 1):
            spread[n - back] = (values[n - back][0], value // (missed + 1))
        spread[n] = (label, value - missed * (value // (missed + 1)))
        missed = 0
    return spread


def _by_quarter(numbers: Counted, codes: list[str]) -> Chart:
    day = timezone.localtime(numbers.counted_at)
    newest = day.replace(minute=day.minute // 15 * 15, second=0, microsecond=0)
    values = []
    for n in range(QUARTERS - 1, -1, -1):
        quarter = newest - n * _QUARTER
        there = numbers.quarters.get(quarter, {})
        values.append((_clock(quarter), sum(there.get(code, 0) for code in codes)))
    return chart(values, every=4)


def _clock(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")
