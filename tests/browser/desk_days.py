"""What the steward prepares for desks: a site with people who are due now, its staff, a batch; and what came of it.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import DocumentType, LookUp, User
from accounts.patients import person_key
from booking.models import Appointment, DeskAct, DeskDevice, Slot
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.queries.desk.rows import row_of
from booking.queries.programmes import forget_programmes
from booking.queries.qr_codes import qr_payload
from sites.models import District, Site, StaffMember
from tests.browser.visits import GTIN
from tests.desk_factories import make_batch
from tests.factories import make_patient, make_programme, make_site, make_slot

_PASSWORD = "a long way round the river"
_NAMES = ("王秀兰", "李建国", "张敏", "刘洋", "陈静", "杨帆", "赵磊", "黄丽", "周强", "吴芳")


def desk_day(people: int = 4) -> dict[str, Any]:
    """A site of its own where so many people are due in a moment, with a batch of their vaccine.

    Its code, the vaccine, the batch and what its box says, and of each person the reference and what their code says.
    """
    n, now = _number(), timezone.now()
    site = make_site(code=f"9{n}", name="望月湖", name_en="Moon Lake", district=District.objects.first())
    programme = make_programme(min_age=0)
    forget_programmes()
    # Today, however late it is.
    last = timezone.localtime(now).replace(hour=23, minute=59, second=30)
    begins = min(now + timedelta(minutes=20), last)
    slot = make_slot(site, programme, 50, starts_at=begins, opens_at=now - timedelta(days=1))
    good_until = timezone.localdate(now) + timedelta(days=200)
    make_batch(site, programme.vaccine, number=f"B{n}", left=100, pack_code=GTIN, expires_on=good_until)
    booked = [_booked(slot.pk, _NAMES[i % len(_NAMES)]) for i in range(people)]
    box = f"(01){GTIN}(17){good_until:%y%m%d}(10)B{n}"
    return {
        "site": site.code, "name": site.name, "vaccine": programme.vaccine.code, "batch": f"B{n}", "box": box,
        "people": booked,
    }  # fmt: skip


def _number() -> str:
    return f"{uuid4().int % 10**6:06}"


def comes_now(site: str, name: str = "何静") -> dict[str, str]:
    """Somebody who booked a moment ago, for the slot of the day."""
    return _booked(Slot.objects.filter(site__code=site).earliest("pk").pk, name)


def of_another_day(site: str, days: int, name: str = "何静") -> dict[str, str]:
    """Somebody who has booked the same there for so many days ahead; with the number of their document."""
    today = Slot.objects.filter(site__code=site).select_related("site", "programme").earliest("pk")
    at = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=days)
    slot = make_slot(today.site, today.programme, 50, starts_at=at, opens_at=timezone.now() - timedelta(days=1))
    number = f"G{_number()}00"
    key = person_key(DocumentType.PASSPORT, number)
    return {"document": number, **_booked(slot.pk, name, document_number=number, person=key)}


def _booked(slot: int, name: str, **patient_fields: Any) -> dict[str, str]:
    patient = make_patient(name=name, **patient_fields)
    facts = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot, request_key=f"due-{patient.pk}",
        now=timezone.now(),
    )  # fmt: skip
    return {"name": name, "reference": facts.reference, "code": qr_payload(facts.reference)}


def desk_person(site: str, roles: list[str]) -> dict[str, Any]:
    """Somebody with these posts at the site: username and password."""
    user = User(username=f"desk-{_number()}", first_name="敏", last_name="刘")
    user.set_password(_PASSWORD)
    user.save()
    for role in roles:
        StaffMember.objects.create(user=user, site=Site.objects.get(code=site), role=role)
    return {"username": user.username, "password": _PASSWORD, "id": user.pk}


def post_at(person: int, site: str, role: str) -> None:
    """They work at another site, too."""
    StaffMember.objects.create(user_id=person, site=Site.objects.get(code=site), role=role)


def desk_acts(site: str) -> list[list[Any]]:
    """What has come from the site's desks, in the order in which it was done: kind, reference, outcome, offline."""
    rows = DeskAct.objects.filter(site__code=site).select_related("appointment").order_by("device", "sequence")
    return [[row.kind.lower(), row.appointment.reference if row.appointment else "", row.outcome.lower(), row.offline]
            for row in rows]  # fmt: skip


def desk_rows(references: list[str]) -> list[dict[str, Any] | None]:
    """The day-list's rows of these appointments, as the server has them."""
    return [row_of(Appointment.objects.get(reference=one).pk) for one in references]


def give_up(reference: str) -> None:
    """The person cancels."""
    row = Appointment.objects.get(reference=reference)
    cancel(account_id=row.patient.user_id, reference=reference, now=timezone.now())


def look_ups(person: int) -> list[list[Any]]:
    """Whom this person has looked up in the whole city: how many were found, and why."""
    return [[row.found, row.reason] for row in LookUp.objects.filter(by_id=person).order_by("pk")]


def devices(site: str) -> list[list[int]]:
    """What the site's devices last said that they had still to send, and how far they have counted."""
    rows = DeskDevice.objects.filter(site__code=site).order_by("pk")
    return [[row.pending, row.last_sequence] for row in rows]


ACTS = (desk_day, comes_now, of_another_day, desk_person, post_at, look_ups, desk_acts, desk_rows, give_up, devices)
