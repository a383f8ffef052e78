"""The ledger's half of booking: many appointments, with their events, messages and job, in one statement.

The statement decides: a place number must be within the quota of an open slot, no pause may be running, and the unique
constraints allow each number once and each person one live appointment for a dose. What it does not return was
refused, and nothing else of the group is touched by that. It locks slots FOR SHARE: bookings never wait for one
another, only for a change of quota.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from booking import enqueue
from booking.models.statements import MOMENT, array_of, array_of_texts, quick_cursor

_STATEMENT = f"""
WITH wanted AS (
  SELECT * FROM unnest(
    %(i)s::int[], %(slot)s::bigint[], %(place)s::int[], %(patient)s::uuid[], %(person)s::uuid[],
    %(programme)s::bigint[], %(dose)s::smallint[], %(account)s::bigint[], %(reference)s::text[], %(key)s::text[],
    %(digest)s::text[], %(claim)s::text[]
  ) AS w(i, slot, place, patient, person, programme, dose, account, reference, key, digest, claim)
), allowed AS (
  -- Slot by slot, whatever the planner thinks of the size of the slots' table, and in the order of their keys, which
  -- whoever changes many slots keeps too: neither waits for the other in a circle.
  SELECT w.* FROM (SELECT * FROM wanted ORDER BY slot, i) w CROSS JOIN LATERAL (
    SELECT FROM booking_slot s
    WHERE s.id = w.slot AND w.place <= s.quota AND s.closed_at IS NULL AND s.starts_at > %(now)s
      AND s.opens_at <= {MOMENT}
      AND NOT EXISTS (SELECT FROM booking_bookingpause WHERE ended_at IS NULL)
    FOR SHARE
  ) s
), booked AS (
  INSERT INTO booking_appointment (
    reference, slot_id, place, patient_id, person, programme_id, dose, status, booked_by_id, booked_at,
    request_key, request_digest, claim, moves
  )
  SELECT reference, slot, place, patient, person, programme, dose, 'BOOKED', account, %(now)s, key, digest, claim, 0
  FROM allowed ORDER BY i
  ON CONFLICT DO NOTHING
  RETURNING id, reference, booked_by_id, slot_id, place
), noted AS (
  INSERT INTO booking_appointmentevent (appointment_id, kind, at, by_id, facts)
  SELECT id, 'BOOKED', %(now)s, booked_by_id, jsonb_build_object('slot', slot_id, 'place', place) FROM booked
), told AS (
  INSERT INTO booking_message (key, kind, appointment_id, created_at, attempts, due_at)
  SELECT 'BOOKED:' || reference, 'BOOKED', id, %(now)s, 0, %(now)s FROM booked
), rung AS (
  INSERT INTO django_q_ormq (key, payload, lock)
  SELECT %(queue)s, %(job)s, %(job_at)s WHERE %(job)s::text IS NOT NULL AND EXISTS (SELECT FROM booked)
)
SELECT reference FROM booked
"""

# One job sends everything that was booked within this time; the first booking of each stretch brings it along.
_ONE_JOB_EVERY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment to be written, with the place number that the gate gave."""

    slot_id: int
    place: int
    patient_id: UUID
    person: UUID
    programme_id: int
    dose: int
    account_id: int
    reference: str
    request_key: str
    digest: str
    claim: str


class _Bell:
    """Remembers for which moment this process last put a sending job into the queue."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rung_for: datetime | None = None

    def needed(self, now: datetime) -> bool:
        # A little before that moment a message might commit too late for the job, so it brings one of its own.
        with self._lock:
            return self._rung_for is None or not now < self._rung_for - _ONE_JOB_EVERY / 5 <= now + _ONE_JOB_EVERY

    def rang(self, moment: datetime) -> None:
        with self._lock:
            self._rung_for = moment


_bell = _Bell()


def record(entries: Sequence[Entry], *, now: datetime) -> set[str]:
    """Write what the ledger allows; returns the references that were written. One statement, one commit.

    Raises django.db.Error; then nothing of the group is known to be written or not.
    """
    # The same order for everybody, so that two groups with the same people wait for each other instead of deadlocking.
    ordered = sorted(entries, key=lambda entry: (entry.person, entry.slot_id, entry.reference))
    ring = _bell.needed(now)
    job_at = now + _ONE_JOB_EVERY
    with quick_cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "i": array_of(range(len(ordered))),
                "slot": array_of(e.slot_id for e in ordered),
                "place": array_of(e.place for e in ordered),
                "patient": array_of(e.patient_id for e in ordered),
                "person": array_of(e.person for e in ordered),
                "programme": array_of(e.programme_id for e in ordered),
                "dose": array_of(e.dose for e in ordered),
                "account": array_of(e.account_id for e in ordered),
                "reference": array_of(e.reference for e in ordered),
                "key": array_of_texts(e.request_key for e in ordered),
                "digest": array_of(e.digest for e in ordered),
                "claim": array_of(e.claim for e in ordered),
                "now": now,
                "queue": enqueue.queue_name(),
                "job": enqueue.payload(enqueue.SEND_MESSAGES, now=now) if ring else None,
                "job_at": job_at,
            },
        )
        written = {row[0] for row in cursor.fetchall()}
    if ring and written:
        _bell.rang(job_at)
    return written
