"""What somebody wishes for in a draw. It stands in the address from page to page, like every choice of a journey."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from booking.queries.draw_board import DrawBoard
from booking.rules.draw_entering import moved_up, with_site
from booking.web.journey import words
from sites.queries import SiteRow, active_sites, district_names

_MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """Codes of sites, the most wanted first; days, none for any; whether any other site would do."""

    sites: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    any_site: bool = True

    @property
    def is_possible(self) -> bool:
        """Somebody who names no site and wants no other can get no place."""
        return bool(self.sites) or self.any_site

    def query(self) -> str:
        """As it stands in an address."""
        pairs = [("sites", code) for code in self.sites] + [("days", day.isoformat()) for day in self.days]
        return "?" + urlencode([*pairs, ("any", "1" if self.any_site else "0")])


def wish_in(asked: QueryDict, board: DrawBoard) -> Wish | None:
    """The wish in an address, without what the draw does not have; None where it has none."""
    if not asked.keys() & {"sites", "days", "any"}:
        return None
    sites: tuple[str, ...] = ()
    for code in asked.getlist("sites"):
        sites = with_site(sites, code) if code in board.by_site else sites
    wanted = set(asked.getlist("days"))
    days = tuple(day for day in board.days if day.isoformat() in wanted)
    # The tick comes after the field that says that there is a tick.
    return Wish(sites, days, asked.getlist("any")[-1:] == ["1"])


def acted(wish: Wish, act: str, board: DrawBoard) -> Wish:
    """The wish after add:CODE, up:CODE or drop:CODE; unchanged by anything else."""
    verb, _colon, code = act.partition(":")
    if code not in board.by_site:
        return wish
    if verb == "add":
        return replace(wish, sites=with_site(wish.sites, code))
    if verb == "up":
        return replace(wish, sites=moved_up(wish.sites, code))
    if verb == "drop":
        return replace(wish, sites=tuple(one for one in wish.sites if one != code))
    return wish


@dataclass(frozen=True, slots=True)
class Found:
    """Sites of the draw that fit what was looked for; `more` of them are not listed."""

    text: str
    district: str
    rows: list[SiteRow]
    more: int


def sites_found(asked: QueryDict, board: DrawBoard, wish: Wish, *, home: str) -> Found:
    """By name or district; before anybody has looked, those of the district where they live."""
    text = asked.get("text", "").strip()[:40]
    known = dict(district_names())
    district = asked.get("district", home) if asked.get("district", home) in known else ""
    rows = [
        site
        for site in active_sites()
        if site.code in board.by_site and site.code not in wish.sites and district in ("", site.district)
    ]
    if text:
        low = text.lower()
        rows = [site for site in rows if low in f"{site.name} {site.name_en} {site.address}".lower()]
    return Found(text, district, rows[:_MOST_FOUND], max(len(rows) - _MOST_FOUND, 0))


def site_rows(codes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Name and district of each, in this order; a site that is no longer in use by its code."""
    known = {site.code: site for site in active_sites()}
    return [
        {
            "code": code,
            "name": words.named(known[code]) if code in known else code,
            "district": words.district(known[code].district) if code in known else "",
        }
        for code in codes
    ]
