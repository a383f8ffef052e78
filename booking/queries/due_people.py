"""People whose next dose is due and who have no appointment for it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from booking.models import Programme

# A dose counts in every account and from elsewhere. Of somebody whom several accounts hold, the row of their own
# account says where they live and how old they are.
_STATEMENT = """
WITH given AS (
  SELECT d.person, count(DISTINCT d.dose)::int AS received, max(d.day) AS last_on
  FROM (
    SELECT a.person, a.dose, (s.starts_at AT TIME ZONE %(zone)s)::date AS day
    FROM booking_appointment a JOIN booking_slot s ON s.id = a.slot_id
    WHERE a.programme_id = %(programme)s AND a.status = 'FULFILLED'
    UNION ALL
    SELECT o.person, o.dose, o.given_on FROM booking_outsidedose o
    WHERE o.programme_id = %(programme)s AND o.voided_at IS NULL
  ) d GROUP BY d.person
), due AS (
  SELECT g.*, g.last_on + coalesce((%(intervals)s::int[])[g.received], 0) AS due_on FROM given g
  WHERE g.received < %(doses)s
)
SELECT due.person, due.received + 1, due.last_on, due.due_on, p.id, p.user_id, p.is_active
FROM due
JOIN LATERAL (
  SELECT p.id, p.user_id, u.is_active, p.birth_date, p.sex, p.district_code
  FROM accounts_patient p JOIN accounts_user u ON u.id = p.user_id
  WHERE p.person = due.person AND p.removed_at IS NULL
  ORDER BY u.is_active DESC, p.relation = 'self' DESC, p.added_at, p.id LIMIT 1
) p ON true
WHERE due.due_on <= %(by)s
  AND NOT EXISTS (
    SELECT FROM booking_appointment a
    WHERE a.person = due.person AND a.programme_id = %(programme)s AND a.status IN ('BOOKED', 'CHECKED_IN')
  )
  AND (%(district)s = '' OR p.district_code = %(district)s)
  AND (%(districts)s::text[] = '{}' OR p.district_code = ANY (%(districts)s))
  AND (%(sex)s = '' OR p.sex = %(sex)s)
  AND extract(year FROM age(%(today)s::date, p.birth_date)) BETWEEN %(min_age)s AND %(max_age)s
ORDER BY due.due_on, due.person
"""


@dataclass(frozen=True, slots=True)
class DuePerson:
    """Somebody whose `dose` is due since `due_on`, and the row that knows them best.

    `can_be_told`: the row's account is one that somebody signs in to.
    """

    person: UUID
    dose: int
    last_on: date
    due_on: date
    patient_id: UUID
    account_id: int
    can_be_told: bool


def due_people(
    programme: Programme,
    *,
    by: date,
    today: date | None = None,
    district: str = "",
    min_age: int | None = None,
    max_age: int | None = None,
) -> list[DuePerson]:
    """Those who have had a dose of the programme, whose next one is due on that day at the latest, longest due first.

    Only people whom the programme is for, by age (completed years, on `today`), sex and district; of one district, or
    of some ages, if asked for. One statement.
    """
    low, high = programme.min_age, programme.max_age
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "zone": settings.TIME_ZONE,
                "programme": programme.pk,
                "intervals": list(programme.intervals),
                "doses": programme.doses,
                "by": by,
                "today": today or timezone.localdate(),
                "district": district,
                "districts": list(programme.districts.values_list("pk", flat=True)),
                "sex": programme.sex,
                "min_age": low if min_age is None else max(low, min_age),
                "max_age": high if max_age is None else min(high, max_age),
            },
        )
        return [DuePerson(*row) for row in cursor.fetchall()]
