"""Everybody who is in a draw that was called off is told so."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from booking import enqueue
from booking.models import MessageKind

# One statement, however many they are; the key makes it one message for each entry.
_TELL = """
INSERT INTO booking_message (key, kind, account_id, patient_id, created_at, attempts, due_at)
SELECT %(kind)s || ':' || e.id, %(kind)s, e.account_id, e.patient_id, %(now)s, 0, %(now)s
FROM booking_drawentry e
WHERE e.draw_id = %(draw)s AND e.withdrawn_at IS NULL
ON CONFLICT DO NOTHING
"""


def tell_called_off(draw_id: UUID, *, now: datetime) -> None:
    """Write the messages, in the caller's transaction, and have them sent."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL, {"kind": MessageKind.DRAW_CALLED_OFF, "now": now, "draw": draw_id})
    enqueue.send_messages(now=now)
