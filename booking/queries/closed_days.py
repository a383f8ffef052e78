"""Closed days and what became of the people who were booked there."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from booking.models import Appointment, Relocation, RelocationState, Status, WithAppointments
from booking.queries.availability import day_bounds
from sites.models import Site
from sites.scope import Scope

# What lies further back is found in the table.
_DAYS_BACK = 7
_MOVED = (
    RelocationState.PENDING,
    RelocationState.ACCEPTED,
    RelocationState.CHOSE_ANOTHER,
    RelocationState.DECLINED,
)


@dataclass(slots=True)
class Fates:
    """How many people got what. `waiting` are still booked into closed slots: nothing was done about them yet."""

    states: Counter[str] = field(default_factory=Counter)
    # Of those that were cancelled: by the administrator's choice, rather than for want of a place.
    by_choice: int = 0
    waiting: int = 0

    def add(self, state: str, choice: str | None, count: int) -> None:
        """Count so many in this state, by a change with this choice if it was one."""
        self.states[state] += count
        if state == RelocationState.NO_PLACE and choice == WithAppointments.CANCEL:
            self.by_choice += count

    @property
    def people(self) -> int:
        return self.moved + self.cancelled + self.waiting

    @property
    def moved(self) -> int:
        return sum(self.states[state] for state in _MOVED)

    @property
    def accepted(self) -> int:
        return self.states[RelocationState.ACCEPTED]

    @property
    def unanswered(self) -> int:
        return self.states[RelocationState.PENDING]

    @property
    def chose_another(self) -> int:
        return self.states[RelocationState.CHOSE_ANOTHER]

    @property
    def declined(self) -> int:
        return self.states[RelocationState.DECLINED]

    @property
    def cancelled(self) -> int:
        return self.states[RelocationState.NO_PLACE]

    @property
    def without_place(self) -> int:
        return self.cancelled - self.by_choice


@dataclass(frozen=True, slots=True)
class ClosedDayRow:
    """A site and a day on which slots of it were closed, and its people."""

    site: Site
    day: date
    fates: Fates


def fates_of(relocations: QuerySet[Relocation]) -> Fates:
    """The numbers of some relocations; one statement. Those that were replaced by a later one do not count."""
    found = Fates()
    rows = relocations.exclude(state=RelocationState.TAKEN_BACK).order_by().values("state", "change__appointments")
    for state, choice, count in rows.annotate(n=Count("pk")).values_list("state", "change__appointments", "n"):
        found.add(state, choice, count)
    return found


def closed_days(scope: Scope, *, now: datetime, most: int = 200) -> list[ClosedDayRow]:
    """From a week ago on: those with people who still have no other place first, then by day. Three statements."""
    found: dict[tuple[int, date], Fates] = {}
    waiting = _stranded(now).filter(scope.of_sites("slot__site")).annotate(day=TruncDate("slot__starts_at"))
    for site_id, day, count in _grouped(waiting, "slot__site", "day"):
        found.setdefault((site_id, day), Fates()).waiting = count
    since = now - timedelta(days=_DAYS_BACK)
    done = Relocation.objects.filter(scope.of_sites("from_slot__site"), from_slot__starts_at__gte=since)
    done = done.exclude(state=RelocationState.TAKEN_BACK).annotate(day=TruncDate("from_slot__starts_at"))
    for site_id, day, state, choice, count in _grouped(done, "from_slot__site", "day", "state", "change__appointments"):
        found.setdefault((site_id, day), Fates()).add(state, choice, count)
    ordered = sorted(found.items(), key=lambda pair: (pair[1].waiting == 0, pair[0][1], pair[0][0]))[:most]
    sites: Mapping[int, Site] = Site.objects.in_bulk({site_id for (site_id, _), _ in ordered})
    return [ClosedDayRow(sites[site_id], day, fates) for (site_id, day), fates in ordered]


def stranded(*, site_id: int, day: date, now: datetime) -> QuerySet[Appointment]:
    """The appointments in the site's closed slots of that day that nothing was done about, oldest first."""
    start, end = day_bounds(day, day)
    of_day = _stranded(now).filter(slot__site_id=site_id, slot__starts_at__gte=start, slot__starts_at__lt=end)
    return of_day.order_by("dose", "pk")


def _stranded(now: datetime) -> QuerySet[Appointment]:
    return Appointment.objects.filter(status=Status.BOOKED, slot__closed_at__isnull=False, slot__starts_at__gt=now)


def _grouped(rows: QuerySet, *by: str) -> Iterator[tuple]:  # type: ignore[type-arg]
    yield from rows.order_by().values(*by).annotate(n=Count("pk")).values_list(*by, "n")
