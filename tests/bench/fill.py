"""Fills an installation for a measurement: `python -m tests.bench.fill CITIZENS PREFILLED`; prints JSON.

Bulk inserts only: what is measured is booking, not this.
"""

import json
import sys
import uuid
from datetime import date, timedelta

import django

django.setup()

from django.db import connection
from django.utils import timezone

from accounts.models import Patient, User
from accounts.tokens import issue
from booking.models import Programme, Slot, Vaccine
from sites.models import District, Site

# The baseline books slots of its own: it knows nothing of the gate.
KINDS = (
    ("many", 1000, 20),
    ("hot", 1, 5000),
    ("full", 1, 0),
    ("many_baseline", 1000, 20),
    ("hot_baseline", 1, 5000),
)


def main() -> None:
    citizens, prefilled = int(sys.argv[1]), int(sys.argv[2])
    now = timezone.now()
    district = District.objects.create(code="430102", name="芙蓉区", name_en="Furong", longitude=113, latitude=28.2)
    vaccine = Vaccine.objects.create(code="influenza", name="流感疫苗", name_en="Influenza vaccine")
    sites = Site.objects.bulk_create(
        Site(code=f"B{n:04}", name=f"接种点 {n}", district=district, street="文艺路街道", longitude=113, latitude=28.2)
        for n in range(50)
    )
    if prefilled:
        _prefill(prefilled, sites, vaccine, now)
    users = User.objects.bulk_create((User(username=f"b{n}") for n in range(citizens)), batch_size=5000)
    patients = Patient.objects.bulk_create(
        (
            Patient(
                user=user, name="王秀兰", document_type="passport", document_number="E00000000", person=uuid.uuid4(),
                relation="self", birth_date=date(1990, 1, 1), sex="F",
            )
            for user in users
        ),
        batch_size=5000,
    )  # fmt: skip
    # A citizen books once for each programme: as many programmes as there are measurements.
    rounds = [_round(n, sites, vaccine, now) for n in range(int(sys.argv[3]))]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    people = [[issue(u.pk, now)[0], str(p.pk)] for u, p in zip(users, patients, strict=True)]
    json.dump({"citizens": people, "rounds": rounds}, sys.stdout)


def _round(number: int, sites: list[Site], vaccine: Vaccine, now: timezone.datetime) -> dict[str, object]:
    made = {}
    for kind, count, quota in KINDS:
        programme = Programme.objects.create(
            code=f"bench-{number}-{kind.replace('_', '-')}", name="流感", name_en="Influenza", vaccine=vaccine
        )
        slots = Slot.objects.bulk_create(
            Slot(
                site=sites[n % len(sites)],
                programme=programme,
                starts_at=now + timedelta(days=2, minutes=30 * (n // len(sites))),
                ends_at=now + timedelta(days=2, minutes=30 * (n // len(sites)) + 30),
                opens_at=now - timedelta(days=1),
                quota=quota,
            )
            for n in range(count)
        )
        made[kind] = [slot.pk for slot in slots]
        made[f"{kind}_programme"] = programme.code
    made["site"] = sites[0].code
    return made


def _prefill(appointments: int, sites: list[Site], vaccine: Vaccine, now: timezone.datetime) -> None:
    """As many appointments, in a tenth as many slots, as a season leaves behind."""
    programme = Programme.objects.create(code="season", name="流感", name_en="Influenza", vaccine=vaccine)
    user = User.objects.create(username="season")
    patient = Patient.objects.create(
        user=user, name="王秀兰", document_type="passport", document_number="E1", person=uuid.uuid4(), relation="self",
        birth_date=date(1990, 1, 1), sex="F",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            """INSERT INTO booking_slot (site_id, programme_id, starts_at, ends_at, opens_at, quota)
               SELECT %s, %s, %s + n * interval '1 minute', %s + n * interval '1 minute' + interval '30 minutes', %s, 20
               FROM generate_series(1, %s) n""",
            [sites[1].pk, programme.pk, now, now, now - timedelta(days=30), appointments // 10],
        )
        cursor.execute(
            """INSERT INTO booking_appointment (reference, slot_id, place, patient_id, person, programme_id, dose,
                 status, booked_by_id, booked_at, request_key, request_digest, claim, moves)
               SELECT lpad((s.id * 100 + p)::text, 12, '0'), s.id, p, %s, gen_random_uuid(), %s, 1, 'BOOKED', %s, %s,
                 'season-' || s.id || '-' || p, '-', s.id || '-' || p, 0
               FROM booking_slot s, generate_series(1, 10) p WHERE s.programme_id = %s""",
            [patient.pk, programme.pk, user.pk, now, programme.pk],
        )


main()
