"""What the steward prepares for the desk: a site with its staff, its batches and people who have come.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from booking.models import (
    Appointment,
    EventKind,
    HealthAnswers,
    Reaction,
    Slot,
    StockMovement,
    VaccinationRecord,
    Vaccine,
    Visit,
)
from booking.operations.cancel import note
from booking.rules.references import new_reference
from sites.models import Site
from tests.desk_factories import make_batch, make_visit
from tests.factories import make_appointment, make_programme, make_site

# The GTIN on the boxes of every site's vaccine.
GTIN = "06901234567892"
_count = iter(range(1, 10_000))


def visited_site(people: list[str], intervals: list[int] | None = None) -> dict[str, Any]:
    """A site in the middle of its day, where these people have checked in.

    Two batches: F2611, which is good, and F2510, which expired yesterday. With intervals the vaccine has more doses.
    """
    n, now = next(_count), timezone.now()
    site = make_site(code=f"VISITS{n:03}", name="望月湖社区卫生服务中心", name_en="Wangyuehu Health Centre")
    programme = make_programme(
        code=f"visits-{n}", name="流感疫苗", name_en="Influenza vaccine", doses=len(intervals or []) + 1,
        intervals=intervals or [],
        vaccine=Vaccine.objects.create(
            code=f"visits-{n}", name="四价流感疫苗", name_en="Quadrivalent influenza vaccine", manufacturer="长江生物"
        ),
    )  # fmt: skip
    today = timezone.localdate(now)
    make_batch(site, programme.vaccine, number="F2611", left=20, pack_code=GTIN, expires_on=today + timedelta(days=200))
    make_batch(site, programme.vaccine, number="F2510", left=5, pack_code=GTIN, expires_on=today - timedelta(days=1))
    slot = _slot_now(site, programme)
    references = [_arrived(slot, name, place) for place, name in enumerate(people, start=1)]
    return {
        "site": site.code, "references": references,
        "good": f"(01){GTIN}(17){today + timedelta(days=200):%y%m%d}(10)F2611",
        "expired": f"(01){GTIN}(17){today - timedelta(days=1):%y%m%d}(10)F2510",
    }  # fmt: skip


def _slot_now(site: Site, programme: Any) -> Slot:
    # Today in the city also a minute after midnight.
    begins = timezone.now()
    return Slot.objects.create(
        site=site, programme=programme, quota=500, starts_at=begins, ends_at=begins + timedelta(minutes=1),
        opens_at=begins - timedelta(days=7),
    )  # fmt: skip


def _arrived(slot: Slot, name: str, place: int) -> str:
    row = make_appointment(slot, place=place)
    row.reference = new_reference()
    row.save(update_fields=["reference"])
    row.patient.name = name
    row.patient.save(update_fields=["name"])
    now = timezone.now()
    make_visit(row, at=now, day=timezone.localdate(now), ticket=place)
    return row.reference


def minutes_pass(reference: str, minutes: int) -> None:
    """The dose was so many minutes earlier than it was. The list hears of it as of any event."""
    row, back = Appointment.objects.get(reference=reference), timedelta(minutes=minutes)
    visit = Visit.objects.get(appointment=row)
    assert visit.vaccinated_at is not None
    assert visit.observe_until is not None
    visit.vaccinated_at, visit.observe_until = visit.vaccinated_at - back, visit.observe_until - back
    visit.save(update_fields=["vaccinated_at", "observe_until"])
    record = VaccinationRecord.objects.get(visit=visit)
    record.given_at -= back
    record.save(update_fields=["given_at"])
    note(row, EventKind.CORRECTED, by=record.given_by_id, now=timezone.now(), what="minutes")


def visit_of(reference: str) -> dict[str, Any]:
    """What has come of somebody's visit in the ledger, and how many doses their batches lost by it."""
    row = Appointment.objects.get(reference=reference)
    visit = Visit.objects.get(appointment=row)
    records = VaccinationRecord.objects.filter(visit=visit).select_related("batch").order_by("given_at", "status")
    moved = StockMovement.objects.filter(record__visit=visit).order_by("pk")
    return {
        "appointment": row.status,
        "visit": visit.status,
        "left_early": visit.left_early,
        "decisions": [
            [one.decision, one.said_yes, _shown(one.deferred_until)]
            for one in HealthAnswers.objects.filter(visit=visit).order_by("pk")
        ],
        "records": sorted(
            [one.status, one.batch.number if one.batch else "", one.body_site, one.lifted, one.lifted_reason]
            for one in records
        ),
        "stock": [[one.batch.number, one.doses] for one in moved.select_related("batch")],
        "reactions": list(Reaction.objects.filter(visit=visit).values_list("kind", "action")),
    }


def _shown(day: date | None) -> str | None:
    return day.isoformat() if day else None


ACTS = (visited_site, minutes_pass, visit_of)
