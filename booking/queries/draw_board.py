"""What everybody may know of a draw while people enter: its places, where they are, and about how many have entered."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.cache import cache

from booking.queries.draws import draw_sites, entries_in
from booking.rules.draw_entering import band

# Seconds: a draw's page is read by crowds, and nothing on it is urgent.
_KEEP = 60


@dataclass(frozen=True, slots=True)
class DrawBoard:
    """`by_site`: the places at each site that has any, by its code; `days`: those that have any.

    `entered`: at least, and fewer than.
    """

    places: int
    by_site: dict[str, int]
    days: tuple[date, ...]
    entered: tuple[int, int | None]


def draw_board(draw_id: UUID) -> DrawBoard:
    """As it was a minute ago at the most. No statement while it is kept."""
    key = f"draw:board:{draw_id}"
    found: DrawBoard | None = cache.get(key)
    if found is None:
        sites = draw_sites(draw_id)
        by_site = {one.site.code: one.places for one in sites}
        days = sorted({day for one in sites for day, _places in one.days})
        found = DrawBoard(sum(by_site.values()), by_site, tuple(days), band(entries_in(draw_id)))
        cache.set(key, found, _KEEP)
    return found
