"""Plain functions that make what a test needs, and nothing else."""

import itertools
import uuid
from datetime import date, datetime, time, timedelta

from accounts.models import Patient, User
from booking.models import Appointment, HourFigure, Programme, ReleaseQueue, ReleaseRule, Slot, Status, Vaccine
from sites.models import Administrator, AdminRole, District, Site

_count = itertools.count(1)
CLOCK = datetime.fromisoformat("2026-11-24T10:00:00+08:00")


def make_district(code: str = "430102") -> District:
    return District.objects.get_or_create(
        code=code, defaults={"name": "芙蓉区", "name_en": "Furong", "longitude": 113.0, "latitude": 28.2}
    )[0]


def make_site(**fields) -> Site:
    n = next(_count)
    fields.setdefault("district", None)
    fields["district"] = fields["district"] or make_district()
    defaults = {
        "code": f"S{n:06}",
        "name": f"第{n}接种点",
        "name_en": f"Site {n}",
        "street": "文艺路街道",
        "longitude": 113.0,
        "latitude": 28.2,
    }
    return Site.objects.create(**{**defaults, **fields})


def make_programme(**fields) -> Programme:
    n = next(_count)
    vaccine = Vaccine.objects.create(code=f"vaccine-{n}", name="流感疫苗", name_en="Influenza vaccine")
    defaults = {"code": f"programme-{n}", "name": "流感", "name_en": "Influenza", "vaccine": vaccine}
    return Programme.objects.create(**{**defaults, **fields})


def make_two_dose_programme(days: int = 28, **fields) -> Programme:
    """A series of two doses, the second at least so many days after the first."""
    return make_programme(doses=2, intervals=[days], **fields)


def make_family(count: int, user=None) -> list[Patient]:
    """Patients of one account."""
    user = user or make_citizen()
    return [make_patient(user) for _ in range(count)]


def make_slot(site=None, programme=None, quota=10, starts_at=None, opens_at=None) -> Slot:
    n = next(_count)
    # A start of its own, and always on the same day, however many slots were made before.
    starts_at = starts_at or CLOCK + timedelta(days=3, minutes=n % 600)
    return Slot.objects.create(
        site=site or make_site(),
        programme=programme or make_programme(),
        quota=quota,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        opens_at=opens_at or CLOCK - timedelta(days=7),
    )


def make_appointment(slot: Slot, *, place: int | None = 1, status=Status.BOOKED, booked_at=CLOCK) -> Appointment:
    """A row of the ledger as it stands, of a patient of its own; nothing is told to the gate."""
    n, patient = next(_count), make_patient()
    return Appointment.objects.create(
        reference=f"{n:012}",
        slot=slot,
        place=place,
        patient=patient,
        person=patient.person,
        programme=slot.programme,
        dose=1,
        status=status,
        booked_by=patient.user,
        booked_at=booked_at,
        request_key=f"made-{n}",
        request_digest="-",
        claim=f"made-{n}",
    )


def make_figure(site: Site, programme: Programme, day: date, hour: int = 9, **counts) -> HourFigure:
    """What an hour came to, as if it had been counted."""
    fields = ("quota", "taken", "checked_in", "fulfilled", "no_show", "cancelled", "lead_days", "lead_count")
    numbers = {**dict.fromkeys(fields, 0), **counts}
    return HourFigure.objects.create(site=site, programme=programme, day=day, hour=hour, counted_at=CLOCK, **numbers)


def make_queue(programme=None, *, opens_in=timedelta(0), **fields) -> ReleaseQueue:
    """A queue of a release that opens so long after CLOCK; people may stand in it since an hour before."""
    opens_at = CLOCK + opens_in
    defaults = {
        "programme": programme or make_programme(),
        "lobby_from": opens_at - timedelta(hours=1),
        "opens_at": opens_at,
        "ends_at": opens_at + timedelta(hours=4),
        "people_a_minute": 60,
        "seed": "seed",
        "made_at": CLOCK - timedelta(days=1),
    }
    made_by = fields.pop("made_by", None) or make_administrator()
    return ReleaseQueue.objects.create(**{**defaults, **fields}, made_by=made_by)


def make_release_rule(programme=None, *, sites=(), districts=(), **fields) -> ReleaseRule:
    """A rule for these sites and districts, or for the whole city."""
    defaults = {"name": "放号", "programme": programme or make_programme(), "opens": time(8), "days_ahead": 7}
    rule = ReleaseRule.objects.create(**{**defaults, **fields})
    rule.sites.set(sites)
    rule.districts.set(districts)
    return rule


def make_citizen(**fields) -> User:
    n = next(_count)
    return User.objects.create(**{"username": f"citizen-{n}", "phone": f"+86138{n:08}", **fields})


def make_administrator(role: AdminRole = AdminRole.CITY, *, district=None, site=None) -> User:
    """An account with one office, for the whole city, a district or a site."""
    user = User.objects.create(username=f"administrator-{next(_count)}", is_staff=True)
    Administrator.objects.create(user=user, role=role, district=district, site=site, given_at=CLOCK)
    return user


def sign_in(client, user: User) -> User:
    """Sign an administrator in with both factors, at the time that it is."""
    from django.utils import timezone
    from django_otp import DEVICE_ID_SESSION_KEY

    from accounts import admin_sessions
    from accounts.models import SecondFactor

    device = SecondFactor.objects.get_or_create(user=user, confirmed=True)[0]
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    admin_sessions.begin(session, now=timezone.now())
    admin_sessions.proved(session, now=timezone.now())
    session.save()
    return user


def make_patient(user=None, *, birth_date=date(1990, 1, 1), sex="F", **fields) -> Patient:
    n = next(_count)
    defaults = {
        "name": "王秀兰",
        "document_type": "passport",
        "document_number": f"E{n:08}",
        "person": uuid.uuid4(),
        "relation": "self",
    }
    return Patient.objects.create(user=user or make_citizen(), birth_date=birth_date, sex=sex, **{**defaults, **fields})


def make_patients(count: int) -> list[Patient]:
    """Many patients, each of an account of its own, in two statements."""
    numbers = [next(_count) for _ in range(count)]
    users = User.objects.bulk_create(User(username=f"citizen-{n}") for n in numbers)
    return Patient.objects.bulk_create(
        Patient(
            user=user,
            name="王秀兰",
            document_type="passport",
            document_number=f"E{n:08}",
            person=uuid.uuid4(),
            relation="self",
            birth_date=date(1990, 1, 1),
            sex="F",
        )
        for n, user in zip(numbers, users, strict=True)
    )


def make_token(user: User, now: datetime) -> str:
    from accounts.tokens import issue

    return issue(user.pk, now, epoch=user.epoch)[0]


def make_resident_id(born: str = "19900101", serial: str = "002", place: str = "430102") -> str:
    """A number with a right check character; an even serial is a woman's."""
    from accounts.documents import check_character

    return place + born + serial + check_character(place + born + serial)
