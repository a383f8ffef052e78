"""A site's week as administrators see it: a row for each time, a column for each day, the slots in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from booking.models import Programme, Slot, SlotEvent
from booking.queries.availability import day_bounds
from booking.queries.quotas.calendar_days import CalendarDay, closed_days, days_from
from booking.queries.taken import taken_in
from booking.rules.cell_states import CLOSED, cell_state

DAYS = 7


@dataclass(frozen=True, slots=True)
class SlotCell:
    """One slot. `version` is its last event's id: whoever changes it says which version they saw."""

    slot_id: int
    version: int
    programme: Programme
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    quota: int
    taken: int
    walk_in: int
    community: int
    doses: int
    later: int
    state: str
    is_over: bool

    @property
    def has_kept(self) -> bool:
        """Whether any place is kept back."""
        return bool(self.walk_in or self.community or self.doses or self.later)


@dataclass(frozen=True, slots=True)
class DayColumn:
    """A day with the sums of its slots. `taken` and `quota` leave out those that are closed."""

    day: CalendarDay
    taken: int
    quota: int
    open_slots: int
    closed_slots: int
    # Appointments in slots that are closed: these people still come.
    taken_in_closed: int
    is_closed_day: bool
    reason: str


@dataclass(frozen=True, slots=True)
class TimeRow:
    """The slots that begin at one time of day, by day; several programmes may share a time."""

    begins: time
    days: list[list[SlotCell]]


@dataclass(frozen=True, slots=True)
class SiteCalendar:
    """The whole week."""

    columns: list[DayColumn]
    rows: list[TimeRow]

    def cells(self) -> list[SlotCell]:
        """Every slot, in order of time of day, then day."""
        return [cell for row in self.rows for cells in row.days for cell in cells]


def site_calendar(*, site_id: int, first: date, programmes: Sequence[Programme], now: datetime) -> SiteCalendar:
    """Seven days of a site, the slots of these programmes only. Four statements."""
    cells = _cells(site_id, first, programmes, now)
    days = days_from(first, DAYS, today=timezone.localdate(now))
    closed = closed_days([site_id], first, days[-1].date)
    by_place: dict[tuple[time, date], list[SlotCell]] = {}
    for cell in cells:
        begins = timezone.localtime(cell.starts_at)
        by_place.setdefault((begins.time(), begins.date()), []).append(cell)
    times = sorted({begins for begins, _ in by_place})
    return SiteCalendar(
        columns=[_column(day, [c for (_, d), held in by_place.items() if d == day.date for c in held],
                         closed.get((site_id, day.date))) for day in days],
        rows=[TimeRow(begins, [by_place.get((begins, day.date), []) for day in days]) for begins in times],
    )  # fmt: skip


def slot_cells(slot_ids: Sequence[int], *, now: datetime) -> list[SlotCell]:
    """These slots, in order of time. Three statements."""
    return _with_counts(list(Slot.objects.standing().filter(pk__in=slot_ids).select_related("programme")), now)


def _cells(site_id: int, first: date, programmes: Sequence[Programme], now: datetime) -> list[SlotCell]:
    start, end = day_bounds(first, first + timedelta(days=DAYS - 1))
    by_key = {programme.pk: programme for programme in programmes}
    # With the programmes named, the index on site, programme and start finds the week without reading the year.
    slots = Slot.objects.standing().filter(
        site_id=site_id, programme_id__in=list(by_key), starts_at__gte=start, starts_at__lt=end
    )
    found = list(slots)
    for slot in found:
        slot.programme = by_key[slot.programme_id]
    return _with_counts(found, now)


def _with_counts(slots: list[Slot], now: datetime) -> list[SlotCell]:
    ids = [slot.pk for slot in slots]
    taken = taken_in(ids)
    events = SlotEvent.objects.filter(slot_id__in=ids).order_by().values_list("slot_id")
    versions: dict[int, int] = dict(events.annotate(last=Max("pk")))
    ordered = sorted(slots, key=lambda slot: (slot.starts_at, slot.programme.code))
    return [_cell(slot, taken.get(slot.pk, 0), versions.get(slot.pk, 0), now) for slot in ordered]


def _cell(slot: Slot, taken: int, version: int, now: datetime) -> SlotCell:
    return SlotCell(
        slot_id=slot.pk,
        version=version,
        programme=slot.programme,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        opens_at=slot.opens_at,
        quota=slot.quota,
        taken=taken,
        walk_in=slot.kept_walk_in,
        community=slot.kept_community,
        doses=slot.kept_doses,
        later=slot.kept_later,
        state=cell_state(
            taken=taken,
            quota=slot.quota,
            opens_at=slot.opens_at,
            starts_at=slot.starts_at,
            is_closed=slot.closed_at is not None,
            now=now,
        ),
        is_over=slot.starts_at <= now,
    )


def _column(day: CalendarDay, cells: Sequence[SlotCell], closed: str | None) -> DayColumn:
    shut = [cell for cell in cells if cell.state == CLOSED]
    runs = [cell for cell in cells if cell.state != CLOSED]
    return DayColumn(
        day=day,
        taken=sum(cell.taken for cell in runs),
        quota=sum(cell.quota for cell in runs),
        open_slots=len(runs),
        closed_slots=len(shut),
        taken_in_closed=sum(cell.taken for cell in shut),
        is_closed_day=closed is not None,
        reason=closed or "",
    )
