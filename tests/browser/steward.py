"""Prepares people and places inside a running installation: one JSON request a line in, one answer a line out.

A process of its own, because the browser's loop and Django's ORM do not go into one thread.
"""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import DocumentType, Patient  # noqa: E402
from accounts.patients import person_key  # noqa: E402
from booking.models import Appointment, Programme, Slot, Status  # noqa: E402
from booking.operations.book import book  # noqa: E402
from booking.operations.cancel import cancel  # noqa: E402
from booking.operations.quotas.publish_slots import publish_slots  # noqa: E402
from booking.operations.refusals import SlotFull  # noqa: E402
from booking.queries.qr_codes import reference_in  # noqa: E402
from sites.models import Site  # noqa: E402
from tests.browser import (  # noqa: E402
    city_alerts,
    desk_days,
    draw_days,
    freed_days,
    invited_people,
    leftover_days,
    locked_accounts,
    offices,
    release_modes,
    series,
    visits,
    waiting_rooms,
    whole_days,
)
from tests.factories import make_patient, make_resident_id  # noqa: E402

_count = iter(range(1, 10_000))


def family(people: list[dict[str, Any]]) -> dict[str, Any]:
    """A signed-in citizen with these people: name, relation, born (ISO), sex. The session's cookie, and their ids."""
    from accounts.sign_in import account_of

    number = next(_count)
    user = account_of(f"+8613900{number:06}")
    made = [_person(user, **person) for person in people]
    client = Client()
    client.force_login(user)
    return {
        "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "people": [str(one.pk) for one in made],
        "tails": [str(one.document_number)[-4:] for one in made],
    }


def _person(user: Any, *, name: str, relation: str, born: str, sex: str = "F") -> Patient:
    number = new_document(born=born, sex=sex)
    return make_patient(
        user, name=name, relation=relation, birth_date=date.fromisoformat(born), sex=sex,
        document_type=DocumentType.RESIDENT_ID, document_number=number,
        person=person_key(DocumentType.RESIDENT_ID, number),
    )  # fmt: skip


def new_document(born: str, sex: str = "F") -> str:
    """A resident's number that nobody has yet. No county has this code."""
    order = next(_count) * 2 % 1000 + (1 if sex == "M" else 0)
    return make_resident_id(born=born.replace("-", ""), serial=f"{order:03}", place="430148")


def appointment(person: str, programme: str = "influenza", site: str | None = None, days: int = 2) -> dict[str, Any]:
    """Book the person into the first free slot that many days ahead."""
    now = timezone.now()
    patient = Patient.objects.get(pk=UUID(person))
    for slot in _slots(programme, site).filter(starts_at__gte=now + timedelta(days=days))[:50]:
        with suppress(SlotFull):
            facts = book(
                account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk,
                request_key=f"steward-{next(_count)}-{person}", now=now,
            )  # fmt: skip
            return {"reference": facts.reference, "site": facts.site.code}
    raise LookupError("Nothing is free.")


def take(slot: int) -> None:
    """Somebody else takes a place of the slot."""
    family_ = family([{"name": "郑快", "relation": "self", "born": "1990-01-01"}])
    patient = Patient.objects.get(pk=UUID(family_["people"][0]))
    book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot,
        request_key=f"steward-{next(_count)}", now=timezone.now(),
    )  # fmt: skip


def cancelled(person: str, **wanted: Any) -> dict[str, Any]:
    """An appointment that was cancelled a moment ago."""
    made = appointment(person, **wanted)
    owner = Patient.objects.get(pk=UUID(person)).user_id
    cancel(account_id=owner, reference=made["reference"], now=timezone.now())
    return made


def vaccinated(person: str, programme: str, dose: int, days_ago: int, site: str | None = None) -> dict[str, Any]:
    """The person had this dose at that site; the slot of then is made for it."""
    made = appointment(person, programme, site)
    row = Appointment.objects.select_related("slot").get(reference=made["reference"])
    then = timezone.now() - timedelta(days=days_ago)
    begun = then.replace(minute=0, second=0, microsecond=0)
    slot, _ = Slot.objects.get_or_create(
        site_id=row.slot.site_id, programme_id=row.programme_id, starts_at=begun,
        defaults={"ends_at": begun + timedelta(minutes=30), "opens_at": begun - timedelta(days=7), "quota": 10_000},
    )  # fmt: skip
    Appointment.objects.filter(pk=row.pk).update(
        slot=slot, place=next(_count), dose=dose, status=Status.FULFILLED, booked_at=then - timedelta(days=3)
    )
    return made


def _slots(programme: str, site: str | None) -> Any:
    there = Slot.objects.filter(programme__code=programme, closed_at__isnull=True, opens_at__lte=timezone.now())
    return (there.filter(site__code=site) if site else there).filter(quota__gt=5).order_by("starts_at", "pk")


def last_place(programme: str = "influenza") -> dict[str, Any]:
    """A slot with one place, at a site and on a day where other slots have many."""
    now = timezone.now()
    ahead = _slots(programme, None).filter(
        starts_at__gte=now + timedelta(days=3), starts_at__lt=now + timedelta(days=9)
    )
    busiest = ahead.order_by().values("site", "starts_at__date").annotate(n=Count("pk")).order_by("-n", "site")
    chosen = busiest[next(_count) % 20]
    site, day = Site.objects.get(pk=chosen["site"]), chosen["starts_at__date"]
    for minute in range(1, 30):
        # One that is there already is not new; it was the last place of somebody else.
        new = publish_slots(
            site=site, programme=Programme.objects.get(code=programme), day=day,
            times=[(time(10, minute), time(10, minute + 20))], quota=1, opens_at=now, by=None, now=now,
        )  # fmt: skip
        if new:
            return {"site": site.code, "slot": new[0].pk, "day": day.isoformat()}
    raise LookupError("Every minute has a slot.")


def site_of(programme: str = "influenza") -> dict[str, Any]:
    """A site where there is plenty of everything for the programme."""
    slot = _slots(programme, None).filter(starts_at__gte=timezone.now() + timedelta(days=1)).first()
    return {"site": slot.site.code, "slot": slot.pk, "day": timezone.localdate(slot.starts_at).isoformat()}


def appointments(people: list[str]) -> list[list[str]]:
    """What these people have in the ledger: reference, status, site and the number of moves, oldest first."""
    rows = Appointment.objects.filter(patient_id__in=people).select_related("slot__site").order_by("pk")
    return [[row.reference, row.status, row.slot.site.code, str(row.slot_id)] for row in rows]


def forget_addresses() -> None:
    """Forget how often each network address did something: all visitors of a test run come from one."""
    shared = cache._cache.get_client()  # type: ignore[attr-defined]
    for key in shared.scan_iter(match="cache:*address*"):
        shared.delete(key)


def reference_of(scanned: str) -> str | None:
    """What the door makes of a scanned code."""
    return reference_in(scanned)


_ACTS: dict[str, Callable[..., Any]] = {
    act.__name__: act
    for act in (
        family, new_document, appointment, take, cancelled, vaccinated, last_place, site_of,
        appointments, forget_addresses, reference_of, *offices.ACTS, *desk_days.ACTS, *visits.ACTS,
        *waiting_rooms.ACTS, *leftover_days.ACTS, *freed_days.ACTS, *whole_days.ACTS, *release_modes.ACTS,
        *invited_people.ACTS, *draw_days.ACTS, *series.ACTS, *locked_accounts.ACTS, *city_alerts.ACTS,
    )
}  # fmt: skip


def main() -> None:
    """Serve until the input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        act, wanted = json.loads(line)
        try:
            answer = {"answer": _ACTS[act](**wanted)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
