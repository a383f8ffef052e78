"""The people of an account with everything they have had or booked: one statement serves every step of booking."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from booking.queries.programmes import ProgrammeRow
from booking.rules.eligibility import Person, ProgrammeRules, decide, earliest_after

# Of appointments that another account booked for the same person the reference is not told.
_STATEMENT = """
SELECT p.id, p.name, p.relation, p.birth_date, p.sex, p.district_code,
       g.code, h.dose, h.status, h.at, h.site, CASE WHEN h.account = p.user_id THEN h.reference END
FROM accounts_patient p
LEFT JOIN LATERAL (
  SELECT a.programme_id, a.dose, a.status, coalesce(v.given_at, s.starts_at) AS at, t.code AS site,
         a.booked_by_id AS account, a.reference
  FROM booking_appointment a
  JOIN booking_slot s ON s.id = a.slot_id
  JOIN sites_site t ON t.id = s.site_id
  LEFT JOIN booking_vaccinationrecord v
    ON v.appointment_id = a.id AND a.status = 'FULFILLED' AND v.status = 'COMPLETED'
  WHERE a.person = p.person AND a.status IN ('BOOKED', 'CHECKED_IN', 'FULFILLED')
  UNION ALL
  SELECT o.programme_id, o.dose, 'FULFILLED', o.given_on::timestamp AT TIME ZONE %(zone)s, '', NULL, NULL
  FROM booking_outsidedose o WHERE o.person = p.person AND o.voided_at IS NULL
) h ON true
LEFT JOIN booking_programme g ON g.id = h.programme_id
WHERE p.user_id = %(user)s AND p.removed_at IS NULL
ORDER BY p.added_at, p.id, h.at
"""


@dataclass(frozen=True, slots=True)
class DoseFacts:
    """A dose that was given or is booked. `reference` is None where another account booked it.

    Of a dose that was given `starts_at` is the moment, or the day, as far as it is known; `site_code` is empty where it
    was given elsewhere than in the city.
    """

    programme_code: str
    dose: int
    status: str
    starts_at: datetime
    site_code: str
    reference: str | None

    @property
    def is_given(self) -> bool:
        return self.status == "FULFILLED"


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """A patient of the account, with their doses in order of time. `relation` is a code of accounts.models.Relation."""

    patient_id: UUID
    name: str
    relation: str
    birth_date: date
    sex: str
    district: str
    doses: tuple[DoseFacts, ...] = ()

    def booked(self, programme: str = "") -> tuple[DoseFacts, ...]:
        """What is booked and not given yet, of one programme or of all."""
        return tuple(dose for dose in self.doses if not dose.is_given and programme in ("", dose.programme_code))

    def given(self, programme: str) -> tuple[DoseFacts, ...]:
        """The doses of the programme that they have had."""
        return tuple(dose for dose in self.doses if dose.is_given and dose.programme_code == programme)


@dataclass(frozen=True, slots=True)
class Due:
    """Whether and from when a patient may book a programme.

    `dose` is the number to be given, and `from_date` the first day for it where that is not today; without a dose
    `reason` says why (as rules.eligibility names it), or `booked` the appointment that they have for it. Where `booked`
    stands beside a dose, that is the one before.
    """

    dose: int | None
    reason: str = ""
    from_date: date | None = None
    booked: DoseFacts | None = None


def patients_with_doses(user_id: int) -> list[PatientFacts]:
    """The account's patients, oldest entry first."""
    found: dict[UUID, PatientFacts] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"user": user_id, "zone": settings.TIME_ZONE})
        for row in cursor.fetchall():
            patient = found.setdefault(row[0], PatientFacts(*row[:6]))
            if row[6] is not None:
                found[row[0]] = replace(patient, doses=(*patient.doses, DoseFacts(*row[6:12])))
    return list(found.values())


def due(patient: PatientFacts, programme: ProgrammeRow, *, today: date, last: date) -> Due:
    """What the patient may book of the programme on a day from `today` to `last`."""
    booked, given = patient.booked(programme.code), patient.given(programme.code)
    person = Person(
        patient.birth_date,
        patient.sex,
        patient.district,
        max((dose.dose for dose in given), default=0),
        timezone.localdate(given[-1].starts_at) if given else None,
        [(dose.dose, timezone.localdate(dose.starts_at)) for dose in booked],
    )
    rules = rules_of(programme)
    if booked:
        return _after(booked[-1], rules, person, last=last)
    decision = decide(rules, person, on=today)
    if decision.from_date is not None and today < decision.from_date <= last:
        later = decide(rules, person, on=decision.from_date)
        if later.dose is not None:
            return Due(later.dose, from_date=decision.from_date)
    return Due(decision.dose, decision.reason, decision.from_date)


def _after(booked: DoseFacts, rules: ProgrammeRules, person: Person, *, last: date) -> Due:
    """The next dose of a series, while this one is still to come."""
    first = earliest_after(rules, booked.dose, timezone.localdate(booked.starts_at))
    if booked.dose < rules.doses and first <= last:
        decision = decide(rules, person, on=first)
        if decision.dose == booked.dose + 1:
            return Due(decision.dose, from_date=first, booked=booked)
    return Due(None, booked=booked)


def rules_of(programme: ProgrammeRow) -> ProgrammeRules:
    """What the programme asks for, as the rules take it."""
    return ProgrammeRules(
        programme.doses, programme.intervals, programme.min_age, programme.max_age, programme.sex, programme.districts
    )


def last_site_of(patients: list[PatientFacts]) -> str | None:
    """The code of the site where one of them was, or is to be, last."""
    doses = [dose for patient in patients for dose in patient.doses if dose.site_code]
    return max(doses, key=lambda dose: dose.starts_at).site_code if doses else None
