"""Fills an installation for the desks: `python -m tests.bench.desk_fill SITES DESKS PEOPLE`; prints JSON.

Each site has so many desks with somebody of every post, and so many people whose slot is now. With `count` as the only
argument it prints what came of it instead.
"""

import json
import sys
import uuid
from datetime import date, timedelta

import django

django.setup()

from django.db.models import Count
from django.utils import timezone

from accounts.models import Patient, User
from accounts.tokens import issue
from booking.models import Appointment, Batch, DeskAct, MovementKind, Programme, Slot, StockMovement, Vaccine, Visit
from booking.models import VaccinationRecord as Record
from booking.rules.references import new_reference
from sites.models import DeskRole, District, Site, StaffMember

BATCH = "FLU2611"


def fill(sites: int, desks: int, people: int) -> list[dict[str, object]]:
    """The sites with what their devices need: their desks' tokens and the people's references."""
    district = District.objects.create(code="430102", name="芙蓉区", name_en="Furong", longitude=113, latitude=28.2)
    vaccine = Vaccine.objects.create(code="influenza", name="流感疫苗", name_en="Influenza vaccine")
    programme = Programme.objects.create(code="bench", name="流感", name_en="Influenza", vaccine=vaccine)
    return [_site(n, district, programme, desks, people) for n in range(sites)]


def _site(n: int, district: District, programme: Programme, desks: int, people: int) -> dict[str, object]:
    now = timezone.now()
    site = Site.objects.create(
        code=f"B{n:04}", name=f"接种点 {n}", district=district, street="文艺路街道", longitude=113, latitude=28.2
    )
    staff = User.objects.bulk_create(User(username=f"desk-{n}-{m}") for m in range(desks))
    StaffMember.objects.bulk_create(
        StaffMember(user=one, site=site, role=role) for one in staff for role in DeskRole.values
    )
    batch = Batch.objects.create(
        site=site, vaccine=programme.vaccine, number=BATCH, expires_on=now.date() + timedelta(days=90)
    )
    StockMovement.objects.create(
        batch=batch, kind=MovementKind.RECEIVED, doses=people, by=staff[0], at=now, key=f"received-{n}"
    )
    begin = now - timedelta(minutes=2)
    slot = Slot.objects.create(
        site=site, programme=programme, quota=people, starts_at=begin, ends_at=begin + timedelta(hours=8),
        opens_at=begin - timedelta(days=7),
    )  # fmt: skip
    return {
        "site": site.code,
        "desks": [(one.pk, issue(one.pk, now, epoch=0)[0]) for one in staff],
        "people": _people(slot, people),
    }


def _people(slot: Slot, count: int) -> list[str]:
    citizen = User.objects.create(username=f"citizen-{slot.pk}")
    patients = Patient.objects.bulk_create(
        Patient(
            user=citizen, name="王秀兰", document_type="passport", document_number="E00000000", person=uuid.uuid4(),
            relation="self", birth_date=date(1990, 1, 1), sex="F",
        )
        for _ in range(count)
    )  # fmt: skip
    rows = Appointment.objects.bulk_create(
        Appointment(
            reference=new_reference(), slot=slot, place=place, patient=patient, person=patient.person,
            programme_id=slot.programme_id, dose=1, booked_by=citizen, booked_at=slot.opens_at,
            request_key=f"bench-{place}", request_digest="-", claim=f"bench-{place}",
        )
        for place, patient in enumerate(patients, start=1)
    )  # fmt: skip
    return [row.reference for row in rows]


def count() -> dict[str, int]:
    """How many acts, visits and doses there are, and what there must not be: acts and people written twice."""
    twice = DeskAct.objects.values("device", "key").annotate(times=Count("pk")).filter(times__gt=1)
    many = Visit.objects.values("appointment").annotate(times=Count("pk")).filter(times__gt=1)
    return {
        "acts": DeskAct.objects.count(),
        "conflicts": DeskAct.objects.filter(outcome="CONFLICT").count(),
        "visits": Visit.objects.count(),
        "doses": Record.objects.count(),
        "twice": twice.count() + many.count(),
    }


if __name__ == "__main__":
    made = count() if sys.argv[1] == "count" else fill(*map(int, sys.argv[1:4]))
    sys.stdout.write(json.dumps(made))
