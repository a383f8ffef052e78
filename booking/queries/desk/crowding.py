"""How full a site is now, for people on their way: measured from its scans, and said only while there are enough."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from booking.queries.desk.waiting_room import waiting_room
from booking.rules.waiting import FEWEST_SCANS, band
from sites.queries import active_site

# Seconds.
_KEEP = 20


@dataclass(frozen=True, slots=True)
class Crowding:
    """How many wait, how long that takes, and a word for it: quiet, normal, busy."""

    waiting: int
    minutes: int
    band: str


def crowding(site_id: int, *, now: datetime) -> Crowding | None:
    """The site's, kept for twenty seconds for everybody; None while too few came within the hour or were called."""
    key = f"crowding:{site_id}"
    kept = cache.get(key)
    if kept is None:
        kept = (_measured(site_id, now=now),)
        cache.set(key, kept, _KEEP)
    found: Crowding | None = kept[0]
    return found


def crowding_at(code: str, *, now: datetime) -> Crowding | None:
    """The same for the site with this code; None too if it is not in use."""
    site = active_site(code)
    return crowding(site.pk, now=now) if site else None


def _measured(site_id: int, *, now: datetime) -> Crowding | None:
    room = waiting_room(site_id, now=now)
    if room.came < FEWEST_SCANS or room.minutes is None:
        return None
    return Crowding(room.waiting, room.minutes, band(room.minutes))
