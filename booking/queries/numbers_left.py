"""The place numbers that the ledger has free in some slots."""

from collections.abc import Iterable

from django.db import connection


def numbers_left(slot_ids: Iterable[int]) -> dict[int, list[int]]:
    """All free numbers of each slot that has any, the lowest first."""
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.id, n FROM booking_slot s, generate_series(1, s.quota) n
            WHERE s.id = ANY(%s) AND NOT EXISTS (
              SELECT FROM booking_appointment a WHERE a.slot_id = s.id AND a.place = n
            )
            ORDER BY s.id, n
            """,
            [sorted(slot_ids)],
        )
        for slot_id, number in cursor.fetchall():
            found.setdefault(slot_id, []).append(number)
    return found
