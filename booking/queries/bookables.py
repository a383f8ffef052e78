"""What booking needs to know of patients and slots, for a whole group of tries at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from booking.models.statements import array_of, quick_cursor
from booking.queries.slot_facts import SlotFacts, slot_facts
from booking.rules.eligibility import Person

# Only a patient of the asking account is found: somebody else's is as good as none. A dose was given on the day that
# its record says, or else on the day of its slot; what was given elsewhere counts like any other.
_STATEMENT = """
SELECT w.i, p.person, p.name, p.birth_date, p.sex, p.district_code, coalesce(r.received, 0), r.last_at, r.doses, r.days
FROM unnest(%(i)s::int[], %(patient)s::uuid[], %(account)s::bigint[], %(programme)s::bigint[])
  AS w(i, patient, account, programme)
JOIN accounts_patient p ON p.id = w.patient AND p.user_id = w.account AND p.removed_at IS NULL
LEFT JOIN LATERAL (
  SELECT max(h.dose) FILTER (WHERE h.is_given) AS received, max(h.at) FILTER (WHERE h.is_given) AS last_at,
         array_agg(h.dose) FILTER (WHERE NOT h.is_given) AS doses, array_agg(h.at) FILTER (WHERE NOT h.is_given) AS days
  FROM (
    SELECT a.dose, a.status = 'FULFILLED' AS is_given, coalesce(v.given_at, s.starts_at) AS at
    FROM booking_appointment a JOIN booking_slot s ON s.id = a.slot_id
    LEFT JOIN booking_vaccinationrecord v
      ON v.appointment_id = a.id AND a.status = 'FULFILLED' AND v.status = 'COMPLETED'
    WHERE a.person = p.person AND a.programme_id = w.programme AND a.status IN ('BOOKED', 'CHECKED_IN', 'FULFILLED')
    UNION ALL
    SELECT o.dose, true, o.given_on::timestamp AT TIME ZONE %(zone)s
    FROM booking_outsidedose o
    WHERE o.person = p.person AND o.programme_id = w.programme AND o.voided_at IS NULL
  ) h
) r ON true
"""


@dataclass(frozen=True, slots=True)
class Bookable:
    """One patient beside one slot: whom the appointment would be for, where and when, and under which rules."""

    person_key: UUID
    patient_name: str
    person: Person
    slot: SlotFacts


def bookables(asked: Sequence[tuple[UUID, int, int]]) -> list[Bookable | None]:
    """For each (patient, account, slot): the facts, or None if the account has no such patient or there is no slot.

    One statement, and another one for slots that nobody has asked for lately.
    """
    found: list[Bookable | None] = [None] * len(asked)
    slots = slot_facts(slot_id for _, _, slot_id in asked)
    known = [(i, patient, account, slots[slot]) for i, (patient, account, slot) in enumerate(asked) if slot in slots]
    if not known:
        return found
    with quick_cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "i": array_of(i for i, _, _, _ in known),
                "patient": array_of(patient for _, patient, _, _ in known),
                "account": array_of(account for _, _, account, _ in known),
                "programme": array_of(slot.programme_id for _, _, _, slot in known),
                "zone": settings.TIME_ZONE,
            },
        )
        for row in cursor.fetchall():
            found[row[0]] = _bookable(row, slots[asked[row[0]][2]])
    return found


def _bookable(row: tuple, slot: SlotFacts) -> Bookable:  # type: ignore[type-arg]
    birth_date: date = row[3]
    last_on = timezone.localdate(row[7]) if row[7] else None
    booked = tuple(zip(row[8], map(timezone.localdate, row[9]), strict=True)) if row[8] else ()
    return Bookable(row[1], row[2], Person(birth_date, row[4], row[5], row[6], last_on, booked), slot)
