"""What a draw would come to with a seed that is thrown away. It writes nothing and tells nobody who would get what."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from booking.models import Draw
from booking.operations.draws.close import entries_of
from booking.operations.refusals import NotFound
from booking.queries.draw_slots import places_of
from booking.rules.draw import draw


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many would be placed, and where; `by_site` has places and how many of them are given, by the site's code."""

    entries: int
    places: int
    first_wish: int
    other_wish: int
    another_site: int
    not_placed: int
    by_site: dict[str, tuple[int, int]]

    @property
    def placed(self) -> int:
        """Who would have an appointment."""
        return self.entries - self.not_placed


def dry_run(*, draw_id: UUID) -> DryRun:
    """Draw those who are in it now for the places that there are now, by chance. Raises NotFound."""
    row = Draw.objects.defer("seed").filter(pk=draw_id).first()
    if row is None:
        raise NotFound(what="draw")
    entries, places = entries_of(row), places_of(row)
    sites = {one.slot: one.site for one in places}
    wishes = {one.name: one.sites for one in entries}
    # Neither the draw's own seed nor a value that could be its public one: what is seen here says nothing of the draw.
    drawn = draw(secrets.token_hex(32), secrets.token_hex(8), entries, places)
    by_site = dict.fromkeys(sorted(set(sites.values())), (0, 0))
    for one in places:
        has, given = by_site[one.site]
        by_site[one.site] = (has + one.places, given)
    counts = {"first": 0, "other": 0, "another": 0, "none": 0}
    for result in drawn:
        site = sites[result.slot] if result.slot is not None else None
        counts[_kind(site, wishes[result.name])] += 1
        if site is not None:
            has, given = by_site[site]
            by_site[site] = (has, given + 1)
    return DryRun(
        entries=len(entries),
        places=sum(one.places for one in places),
        first_wish=counts["first"],
        other_wish=counts["other"],
        another_site=counts["another"],
        not_placed=counts["none"],
        by_site=by_site,
    )


def _kind(site: str | None, wished: tuple[str, ...]) -> str:
    if site is None:
        return "none"
    if wished[:1] == (site,):
        return "first"
    return "other" if site in wished else "another"
