"""Fills an installation with a whole city: `python -m tests.bench.city APPOINTMENTS`.

The demonstration city's 298 sites with four weeks of half hours, 14 a day (117,000 slots), and so many appointments
spread over them. Bulk inserts only.
"""

import sys
import uuid
from datetime import date, timedelta

import django

django.setup()

from django.db import connection
from django.utils import timezone

from accounts.models import Patient, User
from booking.demo.programmes import INFLUENZA, load_programmes
from sites.city import load_city

DAYS, HALF_HOURS, QUOTA = 28, 14, 20

_SLOTS = """
INSERT INTO booking_slot (site_id, programme_id, starts_at, ends_at, opens_at, quota)
SELECT t.id, %(programme)s, b.at, b.at + interval '30 minutes', %(today)s::timestamptz - interval '30 days', %(quota)s
FROM sites_site t, (
  SELECT %(today)s::timestamptz + d * interval '1 day' + interval '8 hours' + h * interval '30 minutes' AS at
  FROM generate_series(0, %(days)s - 1) d, generate_series(0, %(half_hours)s - 1) h
) b
"""
_APPOINTMENTS = """
INSERT INTO booking_appointment (reference, slot_id, place, patient_id, person, programme_id, dose,
  status, booked_by_id, booked_at, request_key, request_digest, claim, moves)
SELECT lpad((s.id * 100 + p)::text, 12, '0'), s.id, p, %(patient)s, gen_random_uuid(), %(programme)s, 1, 'BOOKED',
  %(user)s, %(today)s::timestamptz - interval '1 day', 'city-' || s.id || '-' || p, '-', s.id || '-' || p, 0
FROM booking_slot s, generate_series(1, %(a_slot)s) p WHERE s.programme_id = %(programme)s
"""


def fill(appointments: int) -> None:
    """Load the city, its slots from today on, and about so many appointments."""
    load_city()
    programme = load_programmes()[INFLUENZA.code]
    user = User.objects.create(username="season")
    patient = Patient.objects.create(
        user=user, name="王秀兰", document_type="passport", document_number="E1", person=uuid.uuid4(), relation="self",
        birth_date=date(1990, 1, 1), sex="F",
    )  # fmt: skip
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    facts = {
        "programme": programme.pk, "user": user.pk, "patient": patient.pk, "today": today - timedelta(days=1),
        "quota": QUOTA, "days": DAYS, "half_hours": HALF_HOURS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(_SLOTS, facts)
        slots = cursor.rowcount
        cursor.execute(_APPOINTMENTS, {**facts, "a_slot": round(appointments / slots)})
        # Where it says what there is, the planner need not guess.
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    fill(int(sys.argv[1]))
    sys.stdout.write("{}")
