"""What booking needs to know of patients and slots, for a whole group of tries in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from booking.models.prepared import prepared_cursor
from booking.rules.eligibility import Person, ProgrammeRules

# Only a patient of the asking account is found: somebody else's is as good as none.
_STATEMENT = """
SELECT w.i, p.person, p.name, p.birth_date, p.sex, p.district_code,
       coalesce(r.received, 0), r.last_at,
       g.id, g.code, g.name, g.name_en, g.doses, g.intervals, g.min_age, g.max_age, g.sex, limited.codes,
       s.starts_at, s.ends_at, s.opens_at, s.closed_at, g.is_active AND t.is_active,
       t.code, t.name, t.name_en, t.district_id, t.address, t.phone, t.latitude, t.longitude
FROM unnest(%s::int[], %s::uuid[], %s::bigint[], %s::bigint[]) AS w(i, patient, account, slot)
JOIN accounts_patient p ON p.id = w.patient AND p.user_id = w.account AND p.removed_at IS NULL
JOIN booking_slot s ON s.id = w.slot
JOIN booking_programme g ON g.id = s.programme_id
JOIN sites_site t ON t.id = s.site_id
LEFT JOIN LATERAL (
  SELECT count(*) AS received, max(given.starts_at) AS last_at
  FROM booking_appointment a JOIN booking_slot given ON given.id = a.slot_id
  WHERE a.person = p.person AND a.programme_id = g.id AND a.status = 'FULFILLED'
) r ON true
LEFT JOIN LATERAL (
  SELECT array_agg(d.district_id) AS codes FROM booking_programme_districts d WHERE d.programme_id = g.id
) limited ON true
"""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site as an appointment shows it."""

    code: str
    name: str
    name_en: str
    district: str
    address: str
    phone: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Bookable:
    """One patient beside one slot: whom the appointment would be for, where and when, and under which rules."""

    person_key: UUID
    patient_name: str
    person: Person
    programme_id: int
    programme_code: str
    programme_name: str
    programme_name_en: str
    rules: ProgrammeRules
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closed_at: datetime | None
    is_active: bool
    site: SiteFacts


def bookables(asked: Sequence[tuple[UUID, int, int]]) -> list[Bookable | None]:
    """For each (patient, account, slot): the facts, or None if the account has no such patient or there is no slot."""
    found: list[Bookable | None] = [None] * len(asked)
    with prepared_cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            [
                list(range(len(asked))),
                [patient for patient, _, _ in asked],
                [account for _, account, _ in asked],
                [slot for _, _, slot in asked],
            ],
        )
        for row in cursor.fetchall():
            found[row[0]] = _bookable(row)
    return found


def _bookable(row: tuple) -> Bookable:  # type: ignore[type-arg]
    birth_date: date = row[3]
    return Bookable(
        person_key=row[1],
        patient_name=row[2],
        person=Person(birth_date, row[4], row[5], row[6], timezone.localdate(row[7]) if row[7] else None),
        programme_id=row[8],
        programme_code=row[9],
        programme_name=row[10],
        programme_name_en=row[11],
        rules=ProgrammeRules(row[12], row[13], row[14], row[15], row[16], row[17] or ()),
        starts_at=row[18],
        ends_at=row[19],
        opens_at=row[20],
        closed_at=row[21],
        is_active=row[22],
        site=SiteFacts(*row[23:31]),
    )
