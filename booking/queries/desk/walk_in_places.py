"""Places that a site can give today to somebody without an appointment.

Each slot that is not over gives those that are kept for walk-ins. What nobody booked of a slot that has begun is
nobody's any more, because nobody can book it now. Somebody who is more than LATE_MINUTES late and not
there leaves a place too, in the slot that is running now or comes next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from booking.models import WalkInSource
from booking.queries.availability import day_bounds

_STATEMENT = """
SELECT s.id, s.programme_id, g.code, s.starts_at, s.ends_at, s.kept_walk_in,
       CASE WHEN s.starts_at <= %(now)s AND s.ends_at > %(now)s THEN greatest(s.quota - (
         SELECT count(*) FROM booking_appointment a WHERE a.slot_id = s.id AND a.place IS NOT NULL
       ), 0) ELSE 0 END,
       CASE WHEN s.ends_at <= %(late)s THEN (
         SELECT count(*) FROM booking_appointment a
         WHERE a.slot_id = s.id AND a.place IS NOT NULL AND a.status IN ('BOOKED', 'NO_SHOW')
       ) - (
         SELECT count(*) FROM booking_walkin w WHERE w.slot_id = s.id AND w.source = 'LATE'
       ) ELSE 0 END
FROM booking_slot s JOIN booking_programme g ON g.id = s.programme_id
WHERE s.site_id = %(site)s AND s.starts_at >= %(first)s AND s.starts_at < %(last)s
  AND s.closed_at IS NULL AND s.withdrawn_at IS NULL
ORDER BY s.starts_at, s.id
"""

# What would go to waste goes first.
_ORDER = (WalkInSource.UNBOOKED, WalkInSource.KEPT, WalkInSource.LATE)


@dataclass(frozen=True, slots=True)
class WalkInPlace:
    """Places in one slot from one source. `given_by` is the slot whose places they are: another one for late people.

    `return_at` is when somebody who gets one is to be there: now, or when the slot begins.
    """

    slot_id: int
    programme_id: int
    programme_code: str
    starts_at: datetime
    ends_at: datetime
    source: WalkInSource
    given_by: int
    return_at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class _Slot:
    slot_id: int
    programme_id: int
    programme_code: str
    starts_at: datetime
    ends_at: datetime
    kept: int
    unbooked: int
    late: int


def walk_in_places(site_id: int, *, now: datetime) -> list[WalkInPlace]:
    """What there is of every programme, soonest first, in the order of _ORDER at one time. One statement."""
    rows, found = _slots(site_id, now=now), []
    for programme_id in {row.programme_id for row in rows}:
        own = [row for row in rows if row.programme_id == programme_id]
        found += [_place(row, row, row.kept, WalkInSource.KEPT, now) for row in own if row.kept and row.ends_at > now]
        found += [_place(row, row, row.unbooked, WalkInSource.UNBOOKED, now) for row in own if row.unbooked]
        target = _running_or_next(own, now=now)
        if settings.LATE_PLACES_TO_WALK_INS:
            found += [_place(target, row, row.late, WalkInSource.LATE, now) for row in own if row.late > 0]
    return sorted(found, key=lambda one: (one.return_at, _ORDER.index(one.source), one.given_by))


def _slots(site_id: int, *, now: datetime) -> list[_Slot]:
    first, last = day_bounds(timezone.localdate(now), timezone.localdate(now))
    late = now - timedelta(minutes=settings.LATE_MINUTES)
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"site": site_id, "first": first, "last": last, "late": late, "now": now})
        return [_Slot(*row) for row in cursor.fetchall()]


def _running_or_next(slots: Sequence[_Slot], *, now: datetime) -> _Slot:
    """Where somebody goes who has no slot of their own: after the last one has ended, still to that one."""
    return next((slot for slot in slots if slot.ends_at > now), slots[-1])


def _place(slot: _Slot, given_by: _Slot, count: int, source: WalkInSource, now: datetime) -> WalkInPlace:
    return WalkInPlace(
        slot_id=slot.slot_id,
        programme_id=slot.programme_id,
        programme_code=slot.programme_code,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        source=source,
        given_by=given_by.slot_id,
        return_at=max(now, slot.starts_at),
        count=count,
    )
