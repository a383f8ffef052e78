"""The parts of the reminders' bench that need Django: `python -m tests.bench.messages_work fill | remind | send`."""

import json
import sys
import time
import uuid
from datetime import date, datetime, timedelta

import django

django.setup()

from django.db import connection
from django.utils import timezone

from accounts.models import Patient, User
from booking.models import Programme, Vaccine
from booking.operations.send_messages import send_messages
from booking.operations.send_reminders import send_reminders
from sites.models import District, Site

_ACCOUNTS, _QUOTA = 1000, 50


def fill(count: int) -> dict[str, object]:
    """So many appointments of tomorrow, fifty to a slot, of a thousand accounts with a phone."""
    evening = timezone.localtime().replace(hour=18, minute=0, second=0, microsecond=0)
    district = District.objects.create(code="430102", name="芙蓉区", name_en="Furong", longitude=113, latitude=28.2)
    vaccine = Vaccine.objects.create(code="influenza", name="流感疫苗", name_en="Influenza vaccine")
    Site.objects.bulk_create(
        Site(code=f"B{n:04}", name=f"接种点 {n}", district=district, street="文艺路街道", longitude=113, latitude=28.2)
        for n in range(300)
    )
    Programme.objects.bulk_create(
        Programme(code=f"p{n}", name="流感", name_en="Influenza", vaccine=vaccine) for n in range(8)
    )
    users = [User(username=f"b{n}", phone=f"+86138{n:08}") for n in range(_ACCOUNTS)]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    Patient.objects.bulk_create(
        Patient(
            user=user, name="王秀兰", document_type="passport", document_number="E00000000", person=uuid.uuid4(),
            relation="self", birth_date=date(1990, 1, 1), sex="F",
        )
        for user in users
    )  # fmt: skip
    begins = (evening + timedelta(days=1)).replace(hour=8)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            """INSERT INTO booking_slot (site_id, programme_id, starts_at, ends_at, opens_at, quota)
               SELECT s.id, p.id, %s + n * interval '3 minutes', %s + n * interval '3 minutes' + interval '30 minutes',
                 %s, %s
               FROM generate_series(0, 199) n, booking_programme p, sites_site s ORDER BY n, p.id, s.id LIMIT %s""",
            [begins, begins, evening - timedelta(days=9), _QUOTA, -(-count // _QUOTA)],
        )
        cursor.execute(
            """INSERT INTO booking_appointment (reference, slot_id, place, patient_id, person, programme_id, dose,
                 status, booked_by_id, booked_at, request_key, request_digest, claim, moves)
               SELECT lpad((s.id * 100 + p)::text, 12, '0'), s.id, p, w.id, gen_random_uuid(), s.programme_id, 1,
                 'BOOKED', w.user_id, %s, 'b-' || s.id || '-' || p, '-', s.id || '-' || p, 0
               FROM booking_slot s, generate_series(1, %s) p
               JOIN (SELECT id, user_id, row_number() OVER () AS n FROM accounts_patient) w ON true
               WHERE w.n = (s.id * 50 + p) %% %s + 1 ORDER BY s.id, p LIMIT %s""",
            [evening - timedelta(days=3), _QUOTA, _ACCOUNTS, count],
        )
        cursor.execute(
            """INSERT INTO booking_appointmentevent (appointment_id, kind, at, facts)
               SELECT id, 'BOOKED', booked_at, '{}' FROM booking_appointment"""
        )
        # Their confirmations went long ago.
        cursor.execute(
            """INSERT INTO booking_message (key, kind, appointment_id, created_at, attempts, due_at, sent_at)
               SELECT 'BOOKED:' || reference, 'BOOKED', id, booked_at, 1, booked_at, booked_at
               FROM booking_appointment"""
        )
        cursor.execute("ANALYZE")
    return {"evening": evening.isoformat()}


def main() -> dict[str, object]:
    what, *arguments = sys.argv[1:]
    if what == "fill":
        return fill(int(arguments[0]))
    now, began = datetime.fromisoformat(arguments[0]), time.monotonic()
    done = send_reminders(now=now) if what == "remind" else send_messages(now=now, most=int(arguments[1]))
    return {"done": done, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()))
