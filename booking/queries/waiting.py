"""Who waits for places like these, the first in line first."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from booking.queries.availability import day_bounds
from booking.queries.waitlist_order import rank_of, rank_parameters
from booking.rules.freed_places import Freed, Wish
from booking.rules.hours import part_of_day
from booking.rules.leftovers import MOST_OFFERS_A_DAY

# The line as a whole is put in order first (OFFSET 0 keeps the planner from doing anything else), then asked about one
# after the other, by index, until there are enough. Joined in one go, the planner, who cannot know how few are left
# alone, compared everybody with everybody. Left alone is whoever is being asked, about a place or about a leftover
# dose, and whoever was asked often enough today; most of them by this very wish, which is the quicker question; and
# whoever's booking is locked.
_STATEMENT = """
SELECT e.id, 1 + (
    SELECT count(*) FROM booking_waitlistentry_companions c JOIN accounts_patient along ON along.id = c.patient_id
    WHERE c.waitlistentry_id = e.id AND along.user_id = e.account_id AND along.removed_at IS NULL
  ), e.until,
  ARRAY(SELECT site_id FROM booking_waitlistentry_sites WHERE waitlistentry_id = e.id),
  ARRAY(SELECT district_id FROM booking_waitlistentry_districts WHERE waitlistentry_id = e.id),
  e.days, e.parts_of_day,
  ARRAY(SELECT o.slot_id FROM booking_offer o WHERE o.entry_id = e.id AND o.slot_id = ANY(%(slots)s))
FROM (
  SELECT e.id, e.account_id, e.patient_id, e.person, e.until, e.days, e.parts_of_day, e.joined_at, {rank} AS rank
  FROM booking_waitlistentry e JOIN accounts_patient p ON p.id = e.patient_id AND p.removed_at IS NULL
  WHERE e.programme_id = %(programme)s AND e.ended_at IS NULL AND e.takes_places AND e.until >= %(first_day)s
    AND (cardinality(e.days) = 0 OR e.days && %(weekdays)s::smallint[])
    AND (cardinality(e.parts_of_day) = 0 OR e.parts_of_day && %(parts)s::varchar[])
    AND NOT e.id = ANY(%(without)s)
  ORDER BY {ranked} e.joined_at, e.id OFFSET 0
) e
WHERE (SELECT count(*) FROM booking_offer o WHERE o.entry_id = e.id AND o.state = 'PENDING') = 0
  AND (
    EXISTS (SELECT FROM booking_waitlistentry_sites WHERE waitlistentry_id = e.id AND site_id = ANY(%(sites)s))
    OR EXISTS (SELECT FROM booking_waitlistentry_districts
      WHERE waitlistentry_id = e.id AND district_id = ANY(%(districts)s))
    OR NOT EXISTS (SELECT FROM booking_waitlistentry_sites WHERE waitlistentry_id = e.id)
      AND NOT EXISTS (SELECT FROM booking_waitlistentry_districts WHERE waitlistentry_id = e.id)
  )
  AND NOT EXISTS (SELECT FROM booking_suspicion s WHERE s.account_id = e.account_id AND s.state = 'LOCKED')
  AND NOT (
    SELECT count(*) FILTER (WHERE o.state = 'PENDING') > 0
      OR count(*) FILTER (WHERE o.made_at >= %(midnight)s) >= %(most_offers)s
    FROM booking_waitlistentry x JOIN booking_offer o ON o.entry_id = x.id WHERE x.person = e.person
  )
ORDER BY {ranked} e.joined_at, e.id LIMIT %(most)s
"""


def waiting_for(
    slots: Sequence[Freed],
    *,
    programme_id: int,
    order: Sequence[str],
    without: Collection[UUID],
    most: int,
    now: datetime,
) -> list[Wish]:
    """Up to so many entries that may want one of the slots, and may be asked now. One statement, nothing locked."""
    today = timezone.localdate(now)
    rank = rank_of(order)
    # A rank that is the same for everybody would only hide that the line is in order already.
    statement = _STATEMENT.format(rank=rank, ranked="" if rank == "0" else "rank,")
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                **rank_parameters(today),
                "slots": [slot.slot_id for slot in slots],
                "programme": programme_id,
                "first_day": min(slot.starts_at.date() for slot in slots),
                "weekdays": sorted({slot.starts_at.isoweekday() for slot in slots}),
                "parts": sorted({part_of_day(slot.starts_at) for slot in slots}),
                "sites": sorted({slot.site_id for slot in slots}),
                "districts": sorted({slot.district for slot in slots}),
                "without": list(without),
                "midnight": day_bounds(today, today)[0],
                "most_offers": MOST_OFFERS_A_DAY,
                "most": most,
            },
        )
        return [
            Wish(row[0], row[1], row[2], frozenset(row[3]), frozenset(row[4]), row[5], row[6], frozenset(row[7]))
            for row in cursor.fetchall()
        ]
