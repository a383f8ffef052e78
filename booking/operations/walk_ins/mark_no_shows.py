"""Whoever did not come is marked so some time after their slot. They keep their number, so it can be undone."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from booking.rules.no_show import LOOK_BACK, over_since

# An appointment that a desk has locked is being checked in: it is passed over.
_STATEMENT = """
WITH missed AS (
  SELECT a.id FROM booking_slot s JOIN booking_appointment a ON a.slot_id = s.id
  WHERE s.ends_at <= %(until)s AND s.ends_at > %(since)s AND a.status = 'BOOKED' AND a.place IS NOT NULL
  ORDER BY a.id LIMIT %(batch)s FOR UPDATE OF a SKIP LOCKED
), marked AS (
  UPDATE booking_appointment a SET status = 'NO_SHOW' FROM missed WHERE a.id = missed.id
  RETURNING a.id, a.slot_id, a.place
), noted AS (
  INSERT INTO booking_appointmentevent (appointment_id, kind, at, facts)
  SELECT id, 'NO_SHOW', %(now)s, jsonb_build_object('slot', slot_id, 'place', place) FROM marked
)
SELECT count(*) FROM marked
"""


def mark_no_shows(*, now: datetime, batch: int = 500, most: int = 100_000) -> int:
    """Mark those whose slot has been over for NO_SHOW_MINUTES; returns how many. Safe to run twice and side by side.

    What a device that has no network did meanwhile comes later, and revives them.
    """
    until, marked = over_since(now, minutes=settings.NO_SHOW_MINUTES), 0
    while marked < most:
        with connection.cursor() as cursor:
            cursor.execute(_STATEMENT, {"until": until, "since": until - LOOK_BACK, "now": now, "batch": batch})
            count = cursor.fetchone()[0]
        marked += count
        if count < batch:
            break
    return marked
