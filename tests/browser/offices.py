"""What the steward prepares for administrators: accounts with an office, sites of their own, days to close.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Patient, SecondFactor
from booking.models import (
    Appointment,
    BookingPause,
    Message,
    PlanSession,
    Programme,
    QuotaPlan,
    ReleaseQueue,
    Relocation,
    Slot,
    Weekday,
)
from booking.operations.book import book
from booking.operations.quotas.publish_slots import publish_slots
from booking.operations.releases.pausing import end_pause
from booking.rules.holidays import special_days
from sites.models import AdminRole, District, Site
from sites.queries import forget_sites
from tests.factories import make_administrator, make_programme, make_site, sign_in

_PASSWORD = "a long way round the river"
_count = iter(range(1, 10_000))


def administrator(role: str = "city", district: str | None = None, site: str | None = None) -> dict[str, Any]:
    """An account with one office that has passed both factors: the session's cookie."""
    user = _with_office(role, district, site)
    client = Client()
    sign_in(client, user)
    return {"session": client.cookies[settings.SESSION_COOKIE_NAME].value, "username": user.username}


def invited(role: str, with_device: bool = False) -> dict[str, str]:
    """An account with one office and a password; without a second factor, unless it has set one up."""
    user = _with_office(role, None, None)
    if with_device:
        SecondFactor.objects.create(user=user, confirmed=True, name="app")
    user.set_password(_PASSWORD)
    user.save()
    return {"username": user.username, "password": _PASSWORD}


def _with_office(role: str, district: str | None, site: str | None) -> Any:
    return make_administrator(
        AdminRole(role),
        district=District.objects.get(code=district) if district else None,
        site=Site.objects.get(code=site) if site else None,
    )


def new_site(name: str, north: float = 0.0) -> dict[str, Any]:
    """A site without any slots, so many degrees north of Furong's middle; and an ordinary working day to come."""
    district = District.objects.get(code="430102")
    site = make_site(
        code=f"JOURNEY{next(_count):03}", name=name, name_en="Journey site", district=district, phone="0731-12320",
        longitude=district.longitude, latitude=district.latitude + north,
    )  # fmt: skip
    forget_sites()
    return {"site": site.code, "pk": site.pk, "district": district.code, "day": _plain_day().isoformat()}


def _plain_day() -> date:
    today = timezone.localdate()
    ahead = [today + timedelta(days=n) for n in range(2, 14)]
    special = {one.day for found in special_days(ahead[0], ahead[-1]).values() for one in found or ()}
    return next(day for day in ahead if day not in special and day.weekday() < 5)


def quota_plan(places: int, walk_in_percent: int = 0) -> dict[str, Any]:
    """A plan of the whole city for influenza: every day from nine to eleven, in half hours."""
    code = f"journey-{next(_count)}"
    influenza = Programme.objects.get(code="influenza")
    plan = QuotaPlan.objects.create(
        code=code, name=f"上午 {code}", programme=influenza, walk_in_percent=walk_in_percent
    )
    PlanSession.objects.bulk_create(
        PlanSession(plan=plan, weekday=weekday, begins=time(9), ends=time(11), minutes=30, places=places)
        for weekday in Weekday
    )
    return {"code": code, "name": plan.name}


def programme(name: str) -> str:
    """A programme that no other site has."""
    return make_programme(code=f"journey-{next(_count)}", name=name, name_en="Journey programme").code


def slot(site: str, programme: str, day: str, quota: int, at: str = "10:00", opens: str | None = None) -> int:
    """A half hour that can be booked at once, or from that moment (ISO)."""
    begins = time.fromisoformat(at)
    now = timezone.now()
    [made] = publish_slots(
        site=Site.objects.get(code=site), programme=Programme.objects.get(code=programme),
        day=date.fromisoformat(day), times=[(begins, begins.replace(minute=begins.minute + 29))], quota=quota,
        opens_at=datetime.fromisoformat(opens) if opens else now, by=None, now=now,
    )  # fmt: skip
    return made.pk


def release_with_queue(people_a_minute: int, early: int = 0) -> dict[str, Any]:
    """A site with places of a programme of its own, released a minute ago with a queue in which so many came early."""
    code, place = programme("九价疫苗排队"), new_site("排队接种点")
    opened = (timezone.now() - timedelta(minutes=1)).replace(microsecond=0)
    slot(place["site"], code, place["day"], 50, opens=opened.isoformat())
    queue = ReleaseQueue.objects.create(
        programme=Programme.objects.get(code=code), lobby_from=opened - timedelta(hours=1), opens_at=opened,
        ends_at=opened + timedelta(hours=9), people_a_minute=people_a_minute, seed="seed", early=early,
        counted_at=opened, made_by=_with_office("city", None, None), made_at=opened,
    )  # fmt: skip
    return {**place, "queue": queue.pk, "programme": code}


def booked_into(slot: int, people: list[str]) -> list[str]:
    """Each of these people books into the slot; their references."""
    found = {str(one.pk): one for one in Patient.objects.filter(pk__in=[UUID(person) for person in people])}
    return [
        book(
            account_id=found[person].user_id, patient_id=found[person].pk, slot_id=slot,
            request_key=f"office-{next(_count)}-{person}", now=timezone.now(),
        ).reference
        for person in people
    ]  # fmt: skip


def standing_slots(site: str) -> list[list[Any]]:
    """The site's slots that stand: start in the city's time, quota, kept for whoever walks in, whether closed."""
    return [
        [f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M}", row.quota, row.kept_walk_in, bool(row.closed_at)]
        for row in Slot.objects.standing().filter(site__code=site).order_by("starts_at")
    ]


def fates(references: list[str]) -> dict[str, list[Any]]:
    """What became of appointments: status, site, state of the relocation, and the kinds of messages that went out."""
    rows = {
        row.reference: row for row in Appointment.objects.filter(reference__in=references).select_related("slot__site")
    }
    return {
        reference: [
            row.status, row.slot.site.code,
            Relocation.objects.filter(appointment=row).order_by("-pk").values_list("state", flat=True).first(),
            sorted(
                Message.objects.filter(appointment=row, sent_at__isnull=False)
                .exclude(kind="BOOKED").values_list("kind", flat=True)
            ),
        ]
        for reference, row in rows.items()
    }  # fmt: skip


def let_everybody_book() -> None:
    """End whatever pause a journey left behind."""
    for pause in BookingPause.objects.filter(ended_at=None):
        end_pause(by=pause.began_by_id, now=timezone.now())


ACTS = (
    administrator, invited, new_site, quota_plan, programme, slot, release_with_queue, booked_into, standing_slots,
    fates, let_everybody_book,
)  # fmt: skip
