"""How many come before somebody on the waitlist: what is true now, and no promise of when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from booking.models import WaitlistEntry
from booking.queries.waitlist_order import rank_of, rank_parameters

# More are not counted: "a thousand or more" says as much, and costs less.
MOST = 1000

# Others count if a place could be for both: one has named no place, both named the same, or one a site in the district
# that the other named; and they share a day of the week and a part of the day.
_STATEMENT = """
WITH mine AS (
  SELECT e.*, {rank} AS rank,
    ARRAY(SELECT site_id FROM booking_waitlistentry_sites WHERE waitlistentry_id = e.id) AS sites,
    ARRAY(SELECT district_id FROM booking_waitlistentry_districts WHERE waitlistentry_id = e.id) AS districts,
    ARRAY(SELECT DISTINCT s.district_id FROM booking_waitlistentry_sites w JOIN sites_site s ON s.id = w.site_id
      WHERE w.waitlistentry_id = e.id) AS around
  FROM booking_waitlistentry e JOIN accounts_patient p ON p.id = e.patient_id WHERE e.id = %(entry)s
)
SELECT count(*) FROM (
  SELECT FROM mine CROSS JOIN LATERAL (
    SELECT FROM booking_waitlistentry e
    -- One after the other: joined in one go, the planner compared everybody with everybody.
    CROSS JOIN LATERAL (
      SELECT p.birth_date FROM accounts_patient p WHERE p.id = e.patient_id AND p.removed_at IS NULL LIMIT 1
    ) p
    CROSS JOIN LATERAL (
      SELECT ARRAY(SELECT site_id FROM booking_waitlistentry_sites WHERE waitlistentry_id = e.id) AS sites,
        ARRAY(SELECT district_id FROM booking_waitlistentry_districts WHERE waitlistentry_id = e.id) AS districts
    ) place
    WHERE e.programme_id = mine.programme_id AND e.ended_at IS NULL AND e.takes_places AND e.until >= %(today)s
      AND e.id <> mine.id AND {before}
      AND (cardinality(e.days) = 0 OR cardinality(mine.days) = 0 OR e.days && mine.days)
      AND (cardinality(e.parts_of_day) = 0 OR cardinality(mine.parts_of_day) = 0 OR e.parts_of_day && mine.parts_of_day)
      AND (
        cardinality(mine.sites) + cardinality(mine.districts) = 0
        OR cardinality(place.sites) + cardinality(place.districts) = 0
        OR place.sites && mine.sites OR place.districts && mine.districts OR place.districts && mine.around
        OR EXISTS (SELECT FROM sites_site s WHERE s.id = ANY(place.sites) AND s.district_id = ANY(mine.districts))
      )
    LIMIT %(most)s
  ) other
) others
"""


def before(entry_ids: Sequence[UUID], *, now: datetime) -> dict[UUID, int]:
    """For each entry, how many of those whose wishes meet its own come before it; at most MOST are counted."""
    today = timezone.localdate(now)
    orders = dict(WaitlistEntry.objects.filter(pk__in=entry_ids).values_list("pk", "programme__waitlist_order"))
    found: dict[UUID, int] = {}
    with connection.cursor() as cursor:
        for entry_id, order in orders.items():
            rank = rank_of(order)
            earlier = "(e.joined_at, e.id) < (mine.joined_at, mine.id)"
            if rank != "0":
                earlier = f"({rank} < mine.rank OR {rank} = mine.rank AND {earlier})"
            statement = _STATEMENT.format(rank=rank, before=earlier)
            cursor.execute(statement, {**rank_parameters(today), "entry": entry_id, "today": today, "most": MOST})
            found[entry_id] = cursor.fetchone()[0]
    return found
