"""The places that are good enough for people of closed slots, read once for everybody and counted down meanwhile."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from booking.models import Appointment
from booking.queries.relocation_slots import rooms_on
from booking.rules.relocation import MOST_DAYS_LATER, MOST_METRES, Lost, Offered, has_what_matters, is_good_enough, rank
from sites.models import Site
from sites.queries import SiteRow, active_sites, sites_near


@dataclass(frozen=True, slots=True)
class _Near:
    site: SiteRow
    metres: int


class Candidates:
    """What is left around each closed site, for one run. It informs: only the gate gives a place."""

    def __init__(
        self, *, without_sites: Collection[int] = (), without_slots: Collection[int] = (), now: datetime
    ) -> None:
        """`without_sites`: their slots are being closed too, so nobody is sent there; an own site stays in.

        `without_slots`: people are taken from these, so nobody is sent there from another.
        """
        self._without, self._without_slots, self._now = frozenset(without_sites), frozenset(without_slots), now
        self._near: dict[int, dict[int, _Near]] = {}
        self._offers: dict[tuple[int, int, date], list[Offered]] = {}
        self._left: dict[int, int] = {}

    def best_first(self, row: Appointment) -> Iterator[Offered]:
        """Every place that is good enough for the appointment and still has room, the best first."""
        site, slot = row.slot.site, row.slot
        lost = Lost(timezone.localtime(slot.starts_at), site.district_id, site.facilities)
        for ahead in range(MOST_DAYS_LATER + 1):
            # Days are read one after the other: most people find a place on the first.
            offers = self._on(site, row.programme_id, lost.starts_at.date() + timedelta(days=ahead))
            good = [one for one in offers if self._has_room(one) and is_good_enough(lost, one, now=self._now)]
            for offered in sorted(good, key=lambda one: rank(lost, one)):
                if self._has_room(offered) and offered.slot_id != slot.pk:
                    yield offered

    def taken(self, slot_id: int) -> None:
        """Somebody got a place there."""
        self._left[slot_id] -= 1

    def full(self, slot_id: int) -> None:
        """The gate has said that there is none."""
        self._left[slot_id] = 0

    def _has_room(self, offered: Offered) -> bool:
        return self._left[offered.slot_id] > 0 and offered.slot_id not in self._without_slots

    def _on(self, site: Site, programme_id: int, day: date) -> list[Offered]:
        key = (site.pk, programme_id, day)
        if key not in self._offers:
            near = self._near_to(site)
            rooms = rooms_on(day, site_ids=near.keys(), programme_id=programme_id, now=self._now)
            for room in rooms:
                # Another closed site may have used some of it up already.
                self._left.setdefault(room.slot_id, room.left)
            self._offers[key] = [
                Offered(
                    room.slot_id,
                    timezone.localtime(room.starts_at),
                    near[room.site_id].site.district,
                    near[room.site_id].site.facilities,
                    near[room.site_id].metres,
                )
                for room in rooms
            ]
        return self._offers[key]

    def _near_to(self, site: Site) -> dict[int, _Near]:
        if site.pk not in self._near:
            around = sites_near(site.latitude, site.longitude, active_sites())
            self._near[site.pk] = {
                found.pk: _Near(found, metres)
                for found, metres in around
                if found.pk == site.pk
                or (
                    metres <= MOST_METRES
                    and found.pk not in self._without
                    and has_what_matters(site.facilities, found.facilities)
                )
            }
        return self._near[site.pk]
