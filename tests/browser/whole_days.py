"""What the steward prepares for whole days at desks: people who do not come, who wait for a leftover, a day as it is.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import AuditEntry, Patient
from booking.demo.site_day import make_site_day
from booking.models import (
    Appointment,
    DeskAct,
    EventKind,
    LeftoverRound,
    Message,
    MessageKind,
    Offer,
    OfferState,
    RoundState,
    Slot,
    StockMovement,
    Visit,
    WaitlistEntry,
)
from booking.operations.waitlist.advance_leftovers import advance_leftovers
from booking.operations.waitlist.begin_leftovers import begin_leftovers
from booking.operations.waitlist.join import join
from booking.operations.walk_ins.mark_no_shows import mark_no_shows
from booking.queries.programmes import forget_programmes
from booking.queries.qr_codes import qr_payload
from booking.rules.leftovers import is_quiet
from booking.rules.references import new_reference
from sites.models import District, Site, StaffMember
from tests.factories import make_appointment, make_patient, make_site, make_slot

_ANSWER, _COME = timedelta(minutes=15), timedelta(minutes=45)


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


def waits_for_a_leftover(person: str, site: str) -> None:
    """The person is on the waitlist for a leftover dose of the site's programme, at this site."""
    programme, patient = _programme(site), Patient.objects.get(pk=UUID(person))
    forget_programmes()
    now = timezone.now()
    join(
        account_id=patient.user_id, patient_id=patient.pk, programme=programme.code, sites=[site],
        until=timezone.localdate(now) + timedelta(days=7), now=now,
    )  # fmt: skip


def nobody_is_disturbed() -> bool:
    """It is so late that no round may begin."""
    return is_quiet(timezone.localtime())


def round_as_if_by_day(site: str, by: int) -> None:
    """A round of one dose, begun by the clock of noon, that can be answered now: for journeys at night."""
    place, now = Site.objects.get(code=site), timezone.now()
    local = timezone.localtime(now)
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    # In one piece: the city's own jobs do not see it as long as it is of noon.
    with transaction.atomic():
        round_ = begin_leftovers(
            site_id=place.pk, programme=_programme(site).code, doses=1, until=noon + _COME, by=by, now=noon
        )
        advance_leftovers(now=noon)
        until = min(local + _COME, local.replace(hour=23, minute=59, second=59))
        LeftoverRound.objects.filter(pk=round_.pk).update(until=until, begun_at=now)
        Offer.objects.filter(round=round_).update(made_at=now, expires_at=min(now + _ANSWER, until))


def asked_too(person: str) -> None:
    """The person is asked about the dose of the running round as well, which is more people than doses."""
    entry = WaitlistEntry.objects.get(patient_id=UUID(person), ended_at=None)
    round_ = LeftoverRound.objects.get(programme_id=entry.programme_id, state=RoundState.RUNNING)
    now = timezone.now()
    Offer.objects.create(entry=entry, site=round_.site, round=round_, made_at=now, expires_at=now + _ANSWER)


def answers(site: str) -> list[list[str]]:
    """Of the site's rounds each offer: whose, and how it stands."""
    rows = Offer.objects.filter(round__site__code=site).select_related("entry__patient").order_by("made_at")
    return [[row.entry.patient.name, OfferState(row.state).name.lower()] for row in rows]


def told_of_a_leftover(person: str) -> int:
    """How many messages about a leftover dose the person has got, or will."""
    return Message.objects.filter(kind=MessageKind.LEFTOVER_OFFERED, patient_id=UUID(person)).count()


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


def _programme(site: str) -> Any:
    return Slot.objects.filter(site__code=site).latest("pk").programme


ACTS = (
    did_not_come, waits_for_a_leftover, nobody_is_disturbed, round_as_if_by_day, asked_too, answers, told_of_a_leftover,
    movements, traces, times_in_the_books, living_day,
)  # fmt: skip
