"""Where there is still room, near a slot that is full: the same site first, then the same district."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import connection

from booking import admission
from booking.admission import GateDown

_CANDIDATES = 60
# Seconds. Which slots lie near changes rarely; whether they have room is asked afresh.
_KEEP = 60


@dataclass(frozen=True, slots=True)
class NearSlot:
    """A slot with room. Times are aware."""

    slot_id: int
    site_code: str
    programme_code: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    quota: int
    places_left: int


_STATEMENT = """
SELECT n.id, t.code, g.code, n.starts_at, n.ends_at, n.opens_at, n.quota
FROM booking_slot s
JOIN sites_site home ON home.id = s.site_id
JOIN sites_site t ON t.district_id = home.district_id AND t.is_active
JOIN booking_slot n ON n.site_id = t.id AND n.programme_id = s.programme_id AND n.id <> s.id
JOIN booking_programme g ON g.id = n.programme_id
WHERE s.id = %s AND n.closed_at IS NULL AND n.withdrawn_at IS NULL AND n.opens_at <= %s AND n.starts_at > %s
  AND n.starts_at BETWEEN s.starts_at - interval '7 days' AND s.starts_at + interval '7 days'
ORDER BY n.site_id <> s.site_id, abs(extract(epoch FROM n.starts_at - s.starts_at)), n.id
LIMIT %s
"""


def nearest(slot_id: int, *, now: datetime, most: int = 3) -> list[NearSlot]:
    """Up to `most` open slots of the same programme with places left, nearest first. Informs, never promises."""
    candidates = _candidates(slot_id, now)
    try:
        left = admission.places_left([row[0] for row in candidates])
    except GateDown:
        return []
    # A slot that the gate has not been asked for yet is as empty as it was published.
    found = [NearSlot(*(*row, left.get(row[0], row[6]))) for row in candidates]
    return [slot for slot in found if slot.places_left > 0][:most]


def _candidates(slot_id: int, now: datetime) -> Sequence[tuple[Any, ...]]:
    key = f"near:{slot_id}"
    rows = cache.get(key)
    if rows is None:
        with connection.cursor() as cursor:
            cursor.execute(_STATEMENT, [slot_id, now, now, _CANDIDATES])
            rows = cursor.fetchall()
        cache.set(key, rows, _KEEP)
    return rows  # type: ignore[no-any-return]
