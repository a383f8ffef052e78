"""Later doses that are due: of the whole city by week, as a forecast, and person by person for whoever tells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from booking.models import Programme

# Which doses lead to another one: `days` after `dose` the next one is due. Looked for by the day of their slot, which
# an index knows, with some days to spare for whoever came on another day.
DUE = """
WITH step AS (
  SELECT * FROM unnest(%(programmes)s::bigint[], %(doses)s::int[], %(days)s::int[]) AS t(programme, dose, days)
), given AS (
  SELECT t.programme, t.dose, a.person, s.site_id, a.booked_by_id AS account,
         (coalesce(v.given_at, s.starts_at) AT TIME ZONE %(zone)s)::date + t.days AS due_on
  FROM step t
  JOIN booking_slot s ON s.programme_id = t.programme
    AND s.starts_at >= (%(first)s::date - t.days - 4)::timestamp AT TIME ZONE %(zone)s
    AND s.starts_at < (%(last)s::date - t.days + 4)::timestamp AT TIME ZONE %(zone)s
  JOIN booking_appointment a ON a.slot_id = s.id AND a.status = 'FULFILLED' AND a.dose = t.dose
  LEFT JOIN booking_vaccinationrecord v ON v.appointment_id = a.id AND v.status = 'COMPLETED'
  UNION ALL
  SELECT t.programme, t.dose, o.person, NULL, NULL, o.given_on + t.days
  FROM step t
  JOIN booking_outsidedose o ON o.programme_id = t.programme AND o.dose = t.dose AND o.voided_at IS NULL
    AND o.given_on BETWEEN %(first)s::date - t.days AND %(last)s::date - t.days
), due AS (
  SELECT g.*, b.person IS NOT NULL AS is_booked
  FROM given g
  LEFT JOIN LATERAL (
    SELECT a.person, a.status FROM booking_appointment a
    WHERE a.person = g.person AND a.programme_id = g.programme AND a.dose > g.dose
      AND a.status IN ('BOOKED', 'CHECKED_IN', 'FULFILLED')
    ORDER BY a.status = 'FULFILLED' DESC LIMIT 1
  ) b ON true
  WHERE g.due_on BETWEEN %(first)s AND %(last)s AND b.status IS DISTINCT FROM 'FULFILLED'
    AND NOT EXISTS (
      SELECT FROM booking_outsidedose o
      WHERE o.person = g.person AND o.programme_id = g.programme AND o.dose > g.dose AND o.voided_at IS NULL
    )
)
"""

# Of somebody whom several accounts hold, the row of their own account says where they live.
_FORECAST = (
    DUE
    + """
SELECT date_trunc('week', due.due_on)::date, due.programme, coalesce(p.district_code, ''), due.dose + 1,
       count(*), count(*) FILTER (WHERE due.is_booked)
FROM due
LEFT JOIN LATERAL (
  SELECT p.district_code FROM accounts_patient p
  WHERE p.person = due.person AND p.removed_at IS NULL
  ORDER BY p.relation = 'self' DESC, p.added_at, p.id LIMIT 1
) p ON true
WHERE (%(districts)s::text[] IS NULL OR p.district_code = ANY (%(districts)s))
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
)


@dataclass(frozen=True, slots=True)
class DueWeek:
    """So many people are due for that dose in the week that begins on `monday`; so many of them have booked it."""

    monday: date
    programme: Programme
    # The code; empty for those of whom nobody knows where they live.
    district: str
    dose: int
    due: int
    booked: int

    @property
    def open(self) -> int:
        """How many still need a place."""
        return self.due - self.booked


def steps_of(programmes: Sequence[Programme]) -> dict[str, Any]:
    """What the statement takes of the programmes: each dose that another one follows."""
    steps = [(row.pk, n + 1, days) for row in programmes for n, days in enumerate(row.intervals)]
    return {
        "programmes": [programme for programme, _, _ in steps],
        "doses": [dose for _, dose, _ in steps],
        "days": [days for _, _, days in steps],
        "zone": settings.TIME_ZONE,
    }


def series() -> list[Programme]:
    """The active programmes of more than one dose, by code."""
    found = Programme.objects.filter(is_active=True, doses__gt=1)
    return list(found.select_related("vaccine").order_by("code"))


def forecast(
    *, first: date, last: date, programmes: Sequence[Programme], districts: Sequence[str] | None = None
) -> list[DueWeek]:
    """The doses that become due from `first` to `last`, by week, programme, district and dose. One statement.

    `districts`: only those of these codes; None: the whole city, and those of whom no district is known.
    """
    by_key = {row.pk: row for row in programmes}
    facts = {**steps_of(programmes), "first": first, "last": last, "districts": districts and list(districts)}
    with connection.cursor() as cursor:
        cursor.execute(_FORECAST, facts)
        return [DueWeek(row[0], by_key[row[1]], *row[2:]) for row in cursor.fetchall()]


def weeks_between(first: date, last: date) -> list[date]:
    """The Mondays of every week that these days touch."""
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(days=n) for n in range(0, (last - monday).days + 1, 7)]
