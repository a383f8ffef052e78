"""The day's limits: counted in the ledger before something is sent, taken back if it was not."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection

_TAKE = """
INSERT INTO booking_messagecount AS c (day, receiver, count)
SELECT %s, receiver, count FROM unnest(%s::text[], %s::int[]) AS w(receiver, count) ORDER BY receiver
ON CONFLICT (day, receiver) DO UPDATE SET count = c.count + excluded.count
RETURNING receiver, count
"""

_GIVE_BACK = """
UPDATE booking_messagecount c SET count = greatest(c.count - w.count, 0)
FROM (
  SELECT c.id, w.count
  FROM booking_messagecount c JOIN unnest(%s::text[], %s::int[]) AS w(receiver, count) USING (receiver)
  WHERE c.day = %s ORDER BY c.receiver FOR UPDATE OF c
) w WHERE c.id = w.id
"""

_WENT = """
INSERT INTO booking_messagecount AS c (day, receiver, count, last_at)
SELECT %s, receiver, 0, %s FROM unnest(%s::text[]) AS w(receiver) ORDER BY receiver
ON CONFLICT (day, receiver) DO UPDATE SET last_at = greatest(c.last_at, excluded.last_at)
"""


def take(receivers: Iterable[str], *, day: date) -> dict[str, int]:
    """Count one more for each mention; returns how many each receiver had before."""
    wanted = Counter(receivers)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [day, list(wanted), list(wanted.values())])
        return {receiver: count - wanted[receiver] for receiver, count in cursor.fetchall()}


def give_back(receivers: Iterable[str], *, day: date) -> None:
    """Count one less for each mention: it was not sent."""
    wanted = Counter(receivers)
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [list(wanted), list(wanted.values()), day])


def note_success(channels: Iterable[str], *, day: date, now: datetime) -> None:
    """Remember that something got through by these channels."""
    wanted = sorted(channels)
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WENT, [day, now, wanted])
