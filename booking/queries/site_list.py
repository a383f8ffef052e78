"""The list of sites: by district, and for a programme those with the earliest place first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from booking.queries.board import BoardDay, board
from booking.queries.catalogue import Catalogue, catalogue
from booking.rules.availability import CLOSED, FULL, NOT_OPEN
from sites.models import District
from sites.queries import SiteRow

_DAYS = 14
# What a site without a place is called when its days differ.
_WORST_LAST = (FULL, NOT_OPEN, CLOSED)


@dataclass(frozen=True, slots=True)
class ListedSite:
    """A site in the list. `state` is that of its first day with a place; None if no programme was asked for."""

    site: SiteRow
    district: District
    state: str | None
    earliest: datetime | None


@dataclass(frozen=True, slots=True)
class SiteList:
    """All sites that were asked for, in order, and what can be asked for."""

    sites: list[ListedSite]
    with_places: int
    known: Catalogue


def site_list(*, district: str, programme: str, now: datetime) -> SiteList:
    """Sites of a district, of the whole city if empty. With a programme: earliest place within two weeks first.

    Codes that are unknown find nothing. Without a programme the order is that of the codes.
    """
    known = catalogue()
    sites = [site for site in known.sites.values() if district in ("", site.district)]
    if not programme:
        return SiteList([ListedSite(site, known.districts[site.district], None, None) for site in sites], 0, known)
    today = timezone.localdate(now)
    days: dict[str, list[BoardDay]] = {}
    for day in board(programme=programme, first=today, last=today + timedelta(days=_DAYS - 1), now=now):
        days.setdefault(day.site_code, []).append(day)
    # A site that does not offer the programme at all is left out.
    listed = [_listed(site, known.districts[site.district], days[site.code]) for site in sites if site.code in days]
    first = sorted((row for row in listed if row.earliest), key=lambda row: (row.earliest, row.site.code))
    return SiteList(first + [row for row in listed if not row.earliest], len(first), known)


def _listed(site: SiteRow, district: District, days: list[BoardDay]) -> ListedSite:
    open_days = [day for day in days if day.earliest]
    if not open_days:
        states = {day.state for day in days}
        return ListedSite(site, district, next(state for state in _WORST_LAST if state in states), None)
    first = min(open_days, key=lambda day: day.day)
    return ListedSite(site, district, first.state, first.earliest)
