"""One site as its page shows it: hours, and for each vaccine the week ahead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from booking.queries.availability import OpenSlot, slots_of_site, with_places
from booking.queries.catalogue import catalogue
from booking.queries.programmes import ProgrammeRow
from booking.rules.availability import BOOKABLE, CLOSED, day_state
from booking.rules.hours import Hours, opening_hours
from sites.models import District
from sites.queries import SiteRow

_DAYS_READ = 14
_DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class DayState:
    """A day in one word."""

    day: date
    state: str


@dataclass(frozen=True, slots=True)
class ProgrammeWeek:
    """A programme at the site: seven days from today, and the first slot with a place within two weeks, if any."""

    programme: ProgrammeRow
    days: tuple[DayState, ...]
    earliest: datetime | None


@dataclass(frozen=True, slots=True)
class SiteWeek:
    """A site with what it offers. No programmes: it has no slots in the next two weeks."""

    site: SiteRow
    district: District
    hours: list[Hours]
    programmes: list[ProgrammeWeek]


def site_week(code: str, *, now: datetime) -> SiteWeek | None:
    """The site with this code, None if there is none in use. One question to the cache and one to the gate."""
    known = catalogue()
    site = known.sites.get(code)
    if site is None:
        return None
    today = timezone.localdate(now)
    rows = slots_of_site(site_id=site.pk, programme="", first=today, last=today + timedelta(days=_DAYS_READ - 1))
    slots = with_places(rows, now=now, for_everybody=True)
    return SiteWeek(
        site=site,
        district=known.districts[site.district],
        hours=opening_hours(
            (timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)) for row in rows if not row.is_closed
        ),
        programmes=[
            _week(programme, [slot for slot in slots if slot.row.programme_code == programme.code], today)
            for programme in known.programmes.values()
            if any(row.programme_code == programme.code for row in rows)
        ],
    )


def _week(programme: ProgrammeRow, slots: Iterable[OpenSlot], today: date) -> ProgrammeWeek:
    by_day: dict[date, list[tuple[str, int, int]]] = {}
    bookable = []
    for slot in slots:
        by_day.setdefault(timezone.localdate(slot.row.starts_at), []).append(
            (slot.state, slot.places_left, slot.row.quota)
        )
        if slot.state in BOOKABLE:
            bookable.append(slot.row.starts_at)
    days = [today + timedelta(days=ahead) for ahead in range(_DAYS_SHOWN)]
    return ProgrammeWeek(
        programme=programme,
        days=tuple(DayState(day, day_state(by_day[day]) if day in by_day else CLOSED) for day in days),
        earliest=min(bookable, default=None),
    )
