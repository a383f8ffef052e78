"""How full: site by day, or hour by weekday."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Sum

from booking.queries.figures.age import counted_at
from booking.queries.figures.selection import Selection
from booking.queries.stale import may_be_old
from booking.rules.figures import fill_class, percent
from sites.models import District, Site

BY_SITE, BY_HOUR = "site", "hour"
_WEEKDAYS = range(1, 8)

_Counts = tuple[int, int]
_NOTHING: _Counts = (0, 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """Places and how many of them are taken; the percentage is rounded down, None without places."""

    quota: int
    taken: int
    percent: int | None
    look: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line: of a site, a district, an hour, or of everything (None)."""

    of: Site | District | int | None
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together, with the line of their sums; hours have one group without it."""

    head: Row | None
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Columns are days, or weekdays from 1, Monday."""

    columns: Sequence[Any]
    groups: list[Group]
    foot: Row
    counted_at: datetime | None

    @property
    def rows(self) -> list[Row]:
        """Every line without sums."""
        return [row for group in self.groups for row in group.rows]


def heatmap(selection: Selection, *, by: str) -> Heatmap:
    """The figures of the selection; without any, `foot.total` has no percentage."""
    columns: Sequence[Any]
    if by == BY_HOUR:
        columns, keys = _WEEKDAYS, ("hour", "day__iso_week_day")
    else:
        columns, keys = days_from(selection.first, selection.last), ("site_id", "day")
    sums: dict[Any, dict[Any, _Counts]] = defaultdict(dict)
    newest: list[datetime] = []

    def read(ledger: str) -> list[tuple[Any, ...]]:
        found = selection.figures(ledger, selection.first, selection.last).values_list(*keys)
        return list(found.annotate(Sum("quota"), Sum("taken"), Max("counted_at")))

    for line, column, quota, taken, at in may_be_old(read):
        sums[line][column] = (quota, taken)
        newest.append(at)
    groups = _hours(sums, columns) if by == BY_HOUR else _districts(selection.sites, sums, columns)
    foot = _sum_row(None, sums.values(), columns)
    return Heatmap(columns, groups, foot, counted_at(max(newest, default=None)))


def days_from(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _hours(sums: dict[Any, dict[Any, _Counts]], columns: Sequence[Any]) -> list[Group]:
    # Also the hours in between without places, so that the day has no gap.
    hours = range(min(sums), max(sums) + 1) if sums else range(0)
    return [Group(None, [_row(hour, sums.get(hour, {}), columns) for hour in hours])]


def _districts(sites: Iterable[Site], sums: dict[Any, dict[Any, _Counts]], columns: Sequence[Any]) -> list[Group]:
    by_district: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        # What is out of use shows up for as long as it has figures.
        if site.is_active or site.pk in sums:
            by_district[site.district_id].append(site)
    return [
        Group(
            _sum_row(there[0].district, [sums.get(site.pk, {}) for site in there], columns),
            [_row(site, sums.get(site.pk, {}), columns) for site in there],
        )
        for there in by_district.values()
    ]


def _row(of: Any, counts: dict[Any, _Counts], columns: Sequence[Any]) -> Row:
    return Row(of, [_cell(*counts.get(column, _NOTHING)) for column in columns], _total(counts.values()))


def _sum_row(of: Any, lines: Iterable[dict[Any, _Counts]], columns: Sequence[Any]) -> Row:
    summed: dict[Any, _Counts] = {}
    for line in lines:
        for column, (quota, taken) in line.items():
            before = summed.get(column, _NOTHING)
            summed[column] = (before[0] + quota, before[1] + taken)
    return _row(of, summed, columns)


def _total(counts: Iterable[_Counts]) -> Cell:
    every = list(counts)
    return _cell(sum(quota for quota, _ in every), sum(taken for _, taken in every))


def _cell(quota: int, taken: int) -> Cell:
    share = percent(taken, quota)
    return Cell(quota, taken, share, fill_class(share))
