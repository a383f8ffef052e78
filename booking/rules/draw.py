"""A draw: in which order people come, and who gets which place. Nothing but whole numbers, texts and SHA-256.

This is algorithm `draw-1`, said so exactly that it can be written again from these lines alone. Texts are compared byte
by byte in UTF-8; "smaller" and "first" mean that order.

1. **Code and name.** Everybody who enters gets a code of 16 signs of `0123456789ABCDEFGHJKMNPQRSTVWXYZ`, by chance (80
   bits, so nobody can try them all). An entry's name is SHA-256 of the draw's id, a line feed, and the code, in 64
   small hexadecimal digits. The name is published, the code is not.
2. **Line.** An entry is one JSON object, its keys in order, without spaces, characters as they are:
   `{"any_site":…,"days":[…],"entry":name,"kind":"entry","rounds_lost":…,"sites":[…]}`. `sites` are codes, the most
   wanted first; `days` are dates as `2026-12-01`, the earliest first; no days: every day would do.
3. **Ticket.** SHA-256 of the seed, a line feed, the public value, a line feed, and the entry's line.
4. **Order.** Whoever lost more earlier rounds comes first, among them whoever has the smaller ticket, among them (it
   does not happen) whoever has the smaller name. The first has rank 1. Three lost rounds count as much as any more:
   without such a limit those who have waited longest would take everything, and who comes new would have no chance at
   all; and the published number says less about a person.
5. **Place.** One after the other in that order. Of the sites in the order in which they were wanted, the first that has
   a place left on a day that would do; there the earliest such day; on it the slot with the most places left, of
   several the one with the smallest number. If none has one and any site would do: of all sites that have a place left
   on a day that would do, the one with the most places left on all days of the draw together, of several the one with
   the smallest code; there the day and the slot as before. Otherwise no place.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ALGORITHM = "draw-1"
MOST_ROUNDS_COUNTED = 3
# How many sites somebody may name.
MOST_SITES = 5
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
_MISREAD = str.maketrans("OIL", "011", "- ")


@dataclass(frozen=True, slots=True)
class Places:
    """How many places of a slot are drawn. `day` as 2026-12-01; `time`, its start as 09:30, is for people to read."""

    slot: int
    site: str
    day: str
    time: str
    places: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is published."""

    name: str
    sites: tuple[str, ...]
    days: tuple[str, ...]
    any_site: bool
    rounds_lost: int

    @property
    def line(self) -> bytes:
        """What is drawn: the entry to the byte."""
        return canonical(
            {
                "any_site": self.any_site,
                "days": list(self.days),
                "entry": self.name,
                "kind": "entry",
                "rounds_lost": self.rounds_lost,
                "sites": list(self.sites),
            }
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of an entry: its rank from 1, and its slot, or None."""

    name: str
    rank: int
    slot: int | None


def canonical(value: dict[str, object]) -> bytes:
    """The one way in which an object is written: keys in order, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def commitment_of(seed: str) -> str:
    """What is published of a seed before the draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def clean_code(typed: str) -> str:
    """A code as somebody typed it: small letters, blanks, hyphens, and letters that look like digits are put right."""
    return typed.upper().translate(_MISREAD)


def entry_name(draw_id: str, code: str) -> str:
    """The name under which the entry with this code is published."""
    return hashlib.sha256(f"{draw_id}\n{code}".encode()).hexdigest()


def counted(rounds_lost: int) -> int:
    """How many lost rounds count."""
    return min(rounds_lost, MOST_ROUNDS_COUNTED)


def in_order(seed: str, public_value: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries as they were drawn."""
    begin = f"{seed}\n{public_value}\n".encode()

    def key(entry: Entry) -> tuple[int, bytes, str]:
        return -counted(entry.rounds_lost), hashlib.sha256(begin + entry.line).digest(), entry.name

    return sorted(entries, key=key)


def draw(seed: str, public_value: str, entries: Iterable[Entry], places: Sequence[Places]) -> list[Drawn]:
    """What comes of every entry, in order of rank."""
    left = _Left(places)
    ordered = in_order(seed, public_value, entries)
    return [Drawn(entry.name, rank, left.take(entry)) for rank, entry in enumerate(ordered, start=1)]


class _Left:
    """The places that are left. A slot, day or site without any is not in it."""

    def __init__(self, places: Sequence[Places]) -> None:
        # Of each site its days, the earliest first, and of each day its slots with what is left of them.
        self._sites: dict[str, dict[str, dict[int, int]]] = {}
        self._totals: dict[str, int] = {}
        for one in sorted(places, key=lambda one: (one.site.encode(), one.day, one.slot)):
            if one.places > 0:
                self._sites.setdefault(one.site, {}).setdefault(one.day, {})[one.slot] = one.places
                self._totals[one.site] = self._totals.get(one.site, 0) + one.places

    def take(self, entry: Entry) -> int | None:
        """The number of the slot that the entry gets."""
        for site in entry.sites:
            day = self._day(site, entry.days)
            if day is not None:
                return self._take(site, day)
        other = self._any(entry.days) if entry.any_site else None
        day = self._day(other, entry.days) if other is not None else None
        return self._take(other, day) if other is not None and day is not None else None

    def _day(self, site: str, days: tuple[str, ...]) -> str | None:
        has = self._sites.get(site)
        if not has:
            return None
        return next((day for day in sorted(days) if day in has), None) if days else next(iter(has))

    def _any(self, days: tuple[str, ...]) -> str | None:
        best, most = None, 0
        # In order of the codes, so that the smallest wins where several have as many.
        for site, total in self._totals.items():
            if total > most and (not days or any(day in self._sites[site] for day in days)):
                best, most = site, total
        return best

    def _take(self, site: str, day: str) -> int:
        slots = self._sites[site][day]
        slot = min(slots, key=lambda number: (-slots[number], number))
        slots[slot] -= 1
        self._totals[site] -= 1
        if not slots[slot]:
            del slots[slot]
            if not slots:
                del self._sites[site][day]
            if not self._totals[site]:
                del self._sites[site], self._totals[site]
        return slot
