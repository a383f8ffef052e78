"""Drawn places written to the ledger with their events and messages, in one statement.

It decides as the statement of a booking does (operations/record_bookings.py), except that the slot need not have
opened: the draw is its release.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from booking.models.statements import array_of, array_of_texts, quick_cursor
from booking.operations.book import digest_of

_STATEMENT = """
WITH wanted AS (
  SELECT * FROM unnest(
    %(i)s::int[], %(entry)s::uuid[], %(slot)s::bigint[], %(place)s::int[], %(patient)s::uuid[], %(person)s::uuid[],
    %(programme)s::bigint[], %(dose)s::smallint[], %(account)s::bigint[], %(reference)s::text[], %(key)s::text[],
    %(digest)s::text[], %(claim)s::text[]
  ) AS w(i, entry, slot, place, patient, person, programme, dose, account, reference, key, digest, claim)
), allowed AS (
  -- In the order of the slots' keys, as whoever books and whoever changes many slots.
  SELECT w.* FROM (SELECT * FROM wanted ORDER BY slot, i) w CROSS JOIN LATERAL (
    SELECT FROM booking_slot s
    WHERE s.id = w.slot AND w.place <= s.quota AND s.closed_at IS NULL AND s.starts_at > %(now)s
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
  RETURNING id, reference, slot_id, place
), known AS (
  SELECT booked.*, wanted.entry FROM booked JOIN wanted USING (reference)
), noted AS (
  INSERT INTO booking_appointmentevent (appointment_id, kind, at, by_id, facts)
  SELECT id, 'BOOKED', %(now)s, NULL, jsonb_build_object('slot', slot_id, 'place', place, 'draw_entry', entry)
  FROM known
), told AS (
  INSERT INTO booking_message (key, kind, appointment_id, created_at, attempts, due_at)
  SELECT 'PLACED_BY_DRAW:' || entry, 'PLACED_BY_DRAW', id, %(now)s, 0, %(now)s FROM known
)
SELECT entry, id, place FROM known
"""


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """An appointment to be written for an entry; its number comes when it is written."""

    entry_id: UUID
    slot_id: int
    patient_id: UUID
    person: UUID
    programme_id: int
    dose: int
    account_id: int
    reference: str
    request_key: str
    claim: str


def record_drawn(numbered: Sequence[tuple[DrawnPlace, int]], *, now: datetime) -> dict[UUID, tuple[int, int]]:
    """Write what the ledger allows, in the caller's transaction; of each entry the appointment's key and number."""
    # In the order that bookings keep, so that two groups with the same people wait for each other.
    ordered = sorted(numbered, key=lambda pair: (pair[0].person, pair[0].slot_id, pair[0].reference))
    places = [one for one, _ in ordered]
    with quick_cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "i": array_of(range(len(ordered))),
                "entry": array_of(one.entry_id for one in places),
                "slot": array_of(one.slot_id for one in places),
                "place": array_of(number for _, number in ordered),
                "patient": array_of(one.patient_id for one in places),
                "person": array_of(one.person for one in places),
                "programme": array_of(one.programme_id for one in places),
                "dose": array_of(one.dose for one in places),
                "account": array_of(one.account_id for one in places),
                "reference": array_of(one.reference for one in places),
                "key": array_of_texts(one.request_key for one in places),
                "digest": array_of(digest_of(one.slot_id, one.patient_id, None) for one in places),
                "claim": array_of(one.claim for one in places),
                "now": now,
            },
        )
        return {entry: (pk, place) for entry, pk, place in cursor.fetchall()}
