"""Whose place is lost when slots are closed, or get fewer places than are taken."""

from collections.abc import Mapping

from django.db import connection

from booking.rules.quota_change import CLOSE, SAME, Outcome

# More than any slot holds: everybody.
ALL = 100_001
_BATCH = 5000

_STATEMENT = """
SELECT a.id, a.slot_id FROM unnest(%s::bigint[], %s::int[]) AS s(id, short)
CROSS JOIN LATERAL (
  SELECT id, slot_id FROM booking_appointment
  WHERE slot_id = s.id AND status = 'BOOKED' AND place IS NOT NULL
  ORDER BY booked_at DESC, id DESC LIMIT s.short
) a
ORDER BY a.id
"""


def short_slots(kind: str, outcomes: "list[Outcome]") -> dict[int, int]:
    """By slot, how many appointments have to go: all of a slot that is closed, and those above a lowered quota."""
    if kind == "close":
        # Those that were closed before count too: whoever closes a day wants everybody told.
        return {one.slot_id: ALL for one in outcomes if one.slot_id and one.what in (CLOSE, SAME)}
    return {one.slot_id: one.short for one in outcomes if one.slot_id and one.short}


def losers(short: Mapping[int, int]) -> list[tuple[int, int]]:
    """(appointment, slot) of those who have to go, of each slot the latest booked first; who has come in may stay."""
    slots, found = sorted(short), []
    with connection.cursor() as cursor:
        for start in range(0, len(slots), _BATCH):
            batch = slots[start : start + _BATCH]
            cursor.execute(_STATEMENT, [batch, [short[slot_id] for slot_id in batch]])
            found += cursor.fetchall()
    return found
