"""Appointments whose place number lies above a lowered quota get a free number below it, and keep their time."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

_STATEMENT = """
WITH lowered AS (
  SELECT * FROM unnest(%(slots)s::bigint[], %(quotas)s::int[]) AS l(slot_id, quota)
), above AS (
  SELECT a.id, a.slot_id, a.place, row_number() OVER (PARTITION BY a.slot_id ORDER BY a.place) AS n
  FROM lowered JOIN booking_appointment a USING (slot_id) WHERE a.place > lowered.quota
), free AS (
  SELECT l.slot_id, p AS place, row_number() OVER (PARTITION BY l.slot_id ORDER BY p) AS n
  FROM lowered l CROSS JOIN LATERAL generate_series(1, l.quota) p
  WHERE NOT EXISTS (SELECT FROM booking_appointment a WHERE a.slot_id = l.slot_id AND a.place = p)
), moved AS (
  UPDATE booking_appointment a SET place = free.place
  FROM above JOIN free USING (slot_id, n) WHERE a.id = above.id
  RETURNING a.id, a.slot_id, a.claim, above.place AS from_place, a.place
), noted AS (
  INSERT INTO booking_appointmentevent (appointment_id, kind, at, facts)
  SELECT id, 'RENUMBERED', %(now)s, jsonb_build_object('slot', slot_id, 'from_place', from_place, 'place', place)
  FROM moved
)
SELECT slot_id, claim, place FROM moved
"""


def renumber(quotas: Mapping[int, int], *, now: datetime) -> list[tuple[int, str, int]]:
    """Renumber in slots whose rows the caller has locked; returns (slot, claim, place) of each for the gate.

    No quota may be lower than what is taken of its slot.
    """
    if not quotas:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"slots": list(quotas), "quotas": list(quotas.values()), "now": now})
        return list(cursor.fetchall())
