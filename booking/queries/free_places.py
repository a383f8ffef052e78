"""Place numbers that the ledger has free: for booking without the gate."""

from django.db import connection


def free_places(slot_id: int, *, most: int) -> list[int]:
    """Up to `most` free numbers of the slot, from a random point on, so that concurrent callers seldom collide."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT n FROM booking_slot s, generate_series(1, s.quota) n
            WHERE s.id = %s AND NOT EXISTS (
              SELECT FROM booking_appointment a WHERE a.slot_id = s.id AND a.place = n
            )
            ORDER BY random() LIMIT %s
            """,
            [slot_id, most],
        )
        return [row[0] for row in cursor.fetchall()]
