"""Where to go for a programme: sites with their earliest place, sorted and sifted as the citizen wants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from booking.queries.board import BoardDay, board
from sites.kept import Kept
from sites.queries import SiteRow, active_sites, distance_m

# Seconds, beside those that the board itself may be old.
_in_process = Kept(1, most=50)
NEAR_METRES = 5000
EARLIEST, NEAREST = "earliest", "nearest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the citizen asks for. `near` is (latitude, longitude); `facilities` are codes of sites.models.Site.

    `home` is the district they live in: where nothing is known about distance, its sites come first of equals.
    """

    people: int
    from_date: date
    order: str = EARLIEST
    near: tuple[float, float] | None = None
    district: str = ""
    home: str = ""
    with_places: bool = True
    weekend: bool = False
    facilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site with its first day that has room; `earliest` is None if there is none. `metres` from where one is."""

    site: SiteRow
    earliest: datetime | None
    state: str
    metres: int | None


def site_choices(*, programme: str, first: date, last: date, wanted: Wanted, now: datetime) -> list[SiteChoice]:
    """The sites that give the programme, best first. Informs, never promises."""
    days = _days_by_site(programme, first, last, now)
    fitting = (
        site
        for site in active_sites()
        if site.code in days
        and wanted.district in ("", site.district)
        and all(facility in site.facilities for facility in wanted.facilities)
    )
    found = [_choice(site, days[site.code], wanted) for site in fitting]
    if wanted.with_places:
        found = [choice for choice in found if choice.earliest]
    if wanted.order == NEAREST:
        return sorted(found, key=lambda choice: (choice.metres or 0, choice.site.code))
    # Without a place last; of those that start together the nearest first.
    return sorted(
        found,
        key=lambda c: (
            c.earliest is None, c.earliest or now, c.metres or 0, c.site.district != wanted.home, c.site.code,
        ),
    )  # fmt: skip


def nearby_with_room(site: SiteRow, choices: Sequence[SiteChoice], *, most: int = 3) -> list[SiteChoice]:
    """Of these the nearest ones that have room, with their distance from the site; not the site itself."""
    others = [
        SiteChoice(one.site, one.earliest, one.state, distance_m(site.latitude, site.longitude, one.site))
        for one in choices
        if one.earliest and one.site.code != site.code
    ]
    return sorted(others, key=lambda choice: choice.metres or 0)[:most]


def _choice(site: SiteRow, days: Sequence[BoardDay], wanted: Wanted) -> SiteChoice:
    metres = distance_m(*wanted.near, site) if wanted.near else None
    for day in days:
        if (
            day.earliest
            and day.day >= wanted.from_date
            and day.places_left >= wanted.people
            and (day.day.weekday() >= 5 or not wanted.weekend)
        ):
            return SiteChoice(site, day.earliest, day.state, metres)
    not_open = any(day.state == "not_open" for day in days)
    return SiteChoice(site, None, "not_open" if not_open else "full", metres)


def _days_by_site(programme: str, first: date, last: date, now: datetime) -> dict[str, list[BoardDay]]:
    def made() -> dict[str, list[BoardDay]]:
        days: dict[str, list[BoardDay]] = {}
        for day in board(programme=programme, first=first, last=last, now=now):
            days.setdefault(day.site_code, []).append(day)
        return days

    return _in_process.get((programme, first, last), made)  # type: ignore[no-any-return]
