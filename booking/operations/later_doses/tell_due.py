"""People are told that their next dose is due: some days before, and on the day itself if nothing is booked yet."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from booking import enqueue
from booking.queries.due_doses import DUE, series, steps_of
from booking.rules.next_dose import is_time_to_tell

_BATCH = 500
# What was missed while nothing ran is told this much later at the most.
_LATE = timedelta(days=3)

# Once for a person and a dose, to the account that booked the dose before, or else to the person's own. Whoever cannot
# be told keeps the key for later. Two workers pass over each other's people.
_TELL = (
    DUE
    + """
, chosen AS (
  SELECT DISTINCT ON (due.person, due.programme, due.dose)
         'DOSE_DUE:' || %(turn)s || ':' || replace(due.person::text, '-', '') || ':' || due.programme || ':'
           || (due.dose + 1) AS key, p.id AS patient, p.user_id AS account
  FROM due
  JOIN booking_programme g ON g.id = due.programme
  JOIN accounts_patient p ON p.person = due.person AND p.removed_at IS NULL
  JOIN accounts_user u ON u.id = p.user_id AND u.is_active AND (u.phone IS NOT NULL OR u.email <> '')
  WHERE NOT due.is_booked AND p.birth_date + make_interval(years => g.max_age + 1) > due.due_on
  ORDER BY due.person, due.programme, due.dose, p.user_id = due.account DESC NULLS LAST, p.relation = 'self' DESC,
           p.added_at, p.id
), mine AS (
  SELECT c.key, c.patient, c.account FROM chosen c JOIN accounts_patient p ON p.id = c.patient
  WHERE NOT EXISTS (SELECT FROM booking_message m WHERE m.key = c.key)
  ORDER BY c.key LIMIT %(batch)s FOR NO KEY UPDATE OF p SKIP LOCKED
)
INSERT INTO booking_message (key, kind, account_id, patient_id, created_at, attempts, due_at)
SELECT key, 'DOSE_DUE', account, patient, %(now)s, 0, %(now)s FROM mine
ON CONFLICT (key) DO NOTHING RETURNING id
"""
)


def tell_due(*, now: datetime, batch: int = _BATCH, most: int = 50_000) -> int:
    """Write the messages that are due this morning; returns how many. Safe to run twice and side by side."""
    if not is_time_to_tell(timezone.localtime(now)):
        return 0
    today = timezone.localdate(now)
    ahead = timedelta(days=settings.DOSE_DUE_DAYS_BEFORE)
    # Before the day comes, as soon as it is near enough; and once more when it has come.
    turns = (("W", today + timedelta(days=1), today + ahead), ("D", today - _LATE, today))
    return sum(_tell(turn, first, last, now=now, batch=batch, most=most) for turn, first, last in turns)


def _tell(turn: str, first: date, last: date, *, now: datetime, batch: int, most: int) -> int:
    steps, told = steps_of(series()), 0
    while steps["programmes"] and told < most:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_TELL, {**steps, "turn": turn, "first": first, "last": last, "now": now, "batch": batch})
            written = len(cursor.fetchall())
            if written:
                enqueue.send_messages(now=now)
        told += written
        if not written:
            break
    return told
