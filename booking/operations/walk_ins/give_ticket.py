"""Somebody without an appointment gets a place of today: a same-day ticket with the time at which to be there."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from booking.models import Appointment, EventKind, WalkIn
from booking.operations.book import claim_for
from booking.operations.counted import counted
from booking.operations.history import note
from booking.operations.record_moves import has_another
from booking.operations.walk_ins.desk_account import desk_account, desk_patient
from booking.operations.walk_ins.examine_person import Said, examined
from booking.operations.walk_ins.judge import Judged, judge, refuse_second
from booking.operations.walk_ins.take_place import take_place
from booking.rules.references import new_reference
from sites.models import Site


@dataclass(frozen=True, slots=True)
class Ticket:
    """The appointment and when its person is to be back."""

    appointment: Appointment
    walk_in: WalkIn


@counted("walk_in")
def give_ticket(
    said: Said, programme: str, *, site: Site, by: int, key: str, now: datetime, slot_id: int | None = None
) -> Ticket:
    """Give the person at the desk a place of today; the same key again returns the ticket that it gave.

    In that slot if one is named. Doses count in whichever account they are. Raises PersonUnclear, what `judge` raises,
    and NoPlaceToday.
    """
    account = desk_account(site)
    given = WalkIn.objects.filter(appointment__booked_by=account, appointment__request_key=key).first()
    if given is not None:
        return Ticket(given.appointment, given)
    judged = judge(examined(said, today=timezone.localdate(now)), programme, site=site, now=now)
    try:
        with transaction.atomic():
            return _write(judged, slot_id, site=site, by=by, key=key, now=now)
    except IntegrityError as error:
        if has_another(error):
            # They booked it themselves in this moment, or the next desk was quicker.
            refuse_second(judged, site=site)
        raise


def _write(judged: Judged, slot_id: int | None, *, site: Site, by: int, key: str, now: datetime) -> Ticket:
    account = desk_account(site)
    patient = desk_patient(account, judged.who, district=site.district_id, now=now)
    place, chosen = take_place(
        site.pk, judged.programme.pk, claim_for(account.pk, f"walk-in|{key}"), slot_id=slot_id, by=by, now=now
    )
    appointment = Appointment.objects.create(
        reference=new_reference(),
        slot=place.slot,
        place=place.place,
        patient=patient,
        person=judged.who.person,
        programme=judged.programme,
        dose=judged.dose,
        booked_by=account,
        booked_at=now,
        request_key=key,
        request_digest="walk-in",
        claim=place.claim,
    )
    note(appointment, EventKind.BOOKED, by=by, now=now, slot=place.slot.pk, place=place.place, walk_in=True)
    walk_in = WalkIn.objects.create(
        appointment=appointment,
        slot_id=chosen.given_by,
        source=chosen.source,
        return_at=chosen.return_at,
        by_id=by,
        at=now,
    )
    return Ticket(appointment, walk_in)
