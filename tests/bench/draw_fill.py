"""A city whose scarce vaccine is drawn: its sites, slots and people, and who is in the draw."""

import random
import uuid
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import Patient, User
from booking.models import Draw, DrawEntry, Programme, ReleaseMode, Slot, Vaccine
from booking.operations.draws.announce import Announcement, announce
from booking.rules.references import new_entry_code
from sites.models import District, Site

# Two slots a day with so many places each.
_QUOTA = 5
_BATCH = 5000


def fill(entries: int, sites: int, days: int, wishes: int) -> tuple[Draw, datetime]:
    """An announced draw with so many entries, and when its entries close. Some sites are wanted more than others."""
    now = timezone.now()
    district = District.objects.create(code="430102", name="芙蓉区", name_en="Furong", longitude=113, latitude=28.2)
    vaccine = Vaccine.objects.create(code="hpv", name="九价", name_en="HPV")
    programme = Programme.objects.create(
        code="draw", name="九价", name_en="HPV", vaccine=vaccine, release_mode=ReleaseMode.DRAW
    )
    made = Site.objects.bulk_create(
        Site(code=f"B{n:04}", name=f"接种点 {n}", district=district, street="文艺路街道", longitude=113, latitude=28.2)
        for n in range(sites)
    )
    first = timezone.localdate(now) + timedelta(days=5)
    Slot.objects.bulk_create(
        (
            _slot(site, programme, first + timedelta(days=n), hour, now)
            for site in made
            for n in range(days)
            for hour in (9, 14)
        ),
        batch_size=_BATCH,
    )
    said = Announcement(
        programme_id=programme.pk,
        name="九价摇号",
        name_en="HPV draw",
        opens_at=now + timedelta(minutes=1),
        closes_at=now + timedelta(days=1),
        first_day=first,
        last_day=first + timedelta(days=days - 1),
        public_source="双色球开奖号码",
        public_source_en="lottery numbers",
    )
    draw = announce(said, by=User.objects.create(username="steward", is_staff=True).pk, now=now)
    _enter(draw, entries, [site.code for site in made], days, wishes)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; ANALYZE")
    return draw, said.closes_at


def _slot(site: Site, programme: Programme, day: date, hour: int, now: datetime) -> Slot:
    starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())
    return Slot(
        site=site,
        programme=programme,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        opens_at=now,
        quota=_QUOTA,
    )


def _enter(draw: Draw, entries: int, codes: list[str], days: int, wishes: int) -> None:
    weights = [1 / (n + 20) for n in range(len(codes))]
    users = User.objects.bulk_create((User(username=f"b{n}") for n in range(entries)), batch_size=_BATCH)
    patients = Patient.objects.bulk_create(
        (
            Patient(
                user=user, name="王秀兰", document_type="passport", document_number="E00000000", person=uuid.uuid4(),
                relation="self", birth_date=date(1990, 1, 1), sex="F",
            )
            for user in users
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    DrawEntry.objects.bulk_create(
        (
            DrawEntry(
                draw=draw,
                account_id=patient.user_id,
                patient=patient,
                person=patient.person,
                code=new_entry_code(),
                sites=_wanted(codes, weights, wishes),
                days=_days(draw.first_day, days),
                any_site=random.random() < 0.3,
                rounds_lost=random.choice((0, 0, 0, 1, 2)),
                entered_at=draw.opens_at,
            )
            for patient in patients
        ),
        batch_size=_BATCH,
    )


def _wanted(codes: list[str], weights: list[float], wishes: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < wishes:
        found.update(dict.fromkeys(random.choices(codes, weights, k=wishes)))
    return list(found)[:wishes]


def _days(first: date, days: int) -> list[date]:
    """Half of them any day, the others some days."""
    if random.random() < 0.5:
        return []
    return [first + timedelta(days=n) for n in sorted(random.sample(range(days), random.randint(2, days - 1)))]
