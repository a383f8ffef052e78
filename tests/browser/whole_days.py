"""What the steward prepares for whole days at desks: people who do not come, a day as it is, the books.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from accounts.models import AuditEntry
from booking.demo.site_day import make_site_day
from booking.models import Appointment, DeskAct, EventKind, Slot, StockMovement, Visit
from booking.operations.walk_ins.mark_no_shows import mark_no_shows
from booking.queries.qr_codes import qr_payload
from booking.rules.references import new_reference
from sites.models import District, Site, StaffMember
from tests.factories import make_appointment, make_patient, make_site, make_slot


def did_not_come(site: str, name: str) -> dict[str, str]:
    """Somebody whose slot was over ten minutes ago, and was given up as a no-show by the job of an hour later.

    The job's clock is put forward only as far as that slot needs: nobody is given up whose slot goes on.
    """
    place, now = Site.objects.get(code=site), timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    programme = Slot.objects.filter(site=place).latest("pk").programme
    slot = make_slot(place, programme, 5, starts_at=max(midnight, now - timedelta(minutes=40)))
    slot.ends_at = max(slot.starts_at + timedelta(seconds=1), now - timedelta(minutes=10))
    slot.save(update_fields=["ends_at"])
    row = make_appointment(slot)
    row.reference = new_reference()
    row.save(update_fields=["reference"])
    row.patient.name = name
    row.patient.save(update_fields=["name"])
    mark_no_shows(now=slot.ends_at + timedelta(minutes=settings.NO_SHOW_MINUTES))
    row.refresh_from_db()
    return {"reference": row.reference, "code": qr_payload(row.reference), "status": row.status}


def movements(site: str) -> dict[str, dict[str, int]]:
    """Of each batch of the site the doses by kind of movement, and what is left."""
    found: dict[str, dict[str, int]] = {}
    rows = StockMovement.objects.filter(batch__site__code=site).values_list("batch__number", "kind")
    for number, kind, doses in rows.annotate(Sum("doses")):
        found.setdefault(number, {"left": 0})[kind.lower()] = doses
        found[number]["left"] += doses
    return found


def traces(reference: str) -> dict[str, Any]:
    """What is told of corrections to somebody's visit: the audit trail's entries, and the appointment's history."""
    row = Appointment.objects.get(reference=reference)
    entries = AuditEntry.objects.filter(action="correct", label=reference).order_by("pk")
    return {
        "audit": [[one.by_id, one.reason, one.before, one.after] for one in entries],
        "history": list(row.events.filter(kind=EventKind.CORRECTED).values_list("by_id", flat=True)),
    }


def times_in_the_books(reference: str) -> dict[str, Any]:
    """How often each kind of act about the appointment is there, its visits, and how it stands."""
    row = Appointment.objects.get(reference=reference)
    kinds: dict[str, int] = {}
    for kind in DeskAct.objects.filter(appointment=row).values_list("kind", flat=True):
        kinds[kind.lower()] = kinds.get(kind.lower(), 0) + 1
    return {"acts": kinds, "visits": Visit.objects.filter(appointment=row).count(), "status": row.status}


def living_day() -> dict[str, Any]:
    """A site in the middle of a day with people in every state, with a supervisor who has done it all."""
    code = f"8{timezone.now():%H%M%S}"
    site = make_site(code=code, name="芙蓉路接种门诊", name_en="Furong Road Clinic", district=District.objects.first())
    made = make_patient().user
    StaffMember.objects.create(user=made, site=site, role="supervisor")
    make_site_day(site=site, day=timezone.localdate(), now=timezone.now())
    return {"site": site.code, "name": site.name}


ACTS = (did_not_come, movements, traces, times_in_the_books, living_day)
