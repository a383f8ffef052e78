"""Somebody comes on another day than the one they booked: their appointment goes to a place of today."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from booking.models import Appointment, EventKind, Message, MessageKind, RelocationState, Status, WalkIn
from booking.operations.book import claim_for
from booking.operations.freed_places.pass_on import Left, free_numbers
from booking.operations.history import note
from booking.operations.refusals import NotEligible, NotFound, WrongStatus
from booking.operations.relocations.answers import settle
from booking.operations.series import day_of, locked_series
from booking.operations.walk_ins.give_ticket import Ticket
from booking.operations.walk_ins.judge import rules_for
from booking.operations.walk_ins.take_place import take_place
from booking.queries.desk.person_doses import person_doses
from booking.rules.eligibility import ProgrammeRules, decide_move, earliest_after
from sites.models import Site

# Of a day that is over it may say so already; coming today revives it.
_MOVABLE = (Status.BOOKED, Status.NO_SHOW)


def bring_forward(*, appointment: Appointment, site: Site, by: int, key: str, now: datetime) -> Ticket:
    """Move the site's appointment of another day to a place of today, and tell whoever booked it.

    The old place goes back, and it is none of the citizen's own changes. The series keeps its intervals. Raises
    NotFound for another site's; WrongStatus where it is of today or over; NotEligible; NoPlaceToday.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row, series = locked_series(appointment.booked_by_id, appointment.reference)
        if row.slot.site_id != site.pk:
            raise NotFound(what="appointment")
        if row.status not in _MOVABLE or day_of(row) == today:
            raise WrongStatus(status=row.status)
        _refuse_by_rules(row, series, on=today)
        claim = claim_for(row.booked_by_id, f"bring-forward|{row.reference}|{key}")
        place, chosen = take_place(site.pk, row.programme_id, claim, slot_id=None, by=by, now=now)
        settle([row.pk], RelocationState.CHOSE_ANOTHER, now=now)
        facts = {"from_slot": row.slot_id, "from_place": row.place}
        left = Left(row.slot_id, row.place or 0, row.claim, row.programme_id)
        row.slot, row.place, row.claim, row.status = place.slot, place.place, claim, Status.BOOKED
        row.save(update_fields=["slot", "place", "claim", "status"])
        free_numbers([left], now=now)
        note(row, EventKind.MOVED, by=by, now=now, slot=place.slot.pk, place=place.place, to_today=True, **facts)
        key = f"{MessageKind.MOVED}:{row.reference}:{claim}"
        Message.objects.create(key=key, kind=MessageKind.MOVED, appointment=row, created_at=now, due_at=now)
        given = {"slot_id": chosen.given_by, "source": chosen.source, "return_at": chosen.return_at}
        walk_in = WalkIn.objects.update_or_create(appointment=row, defaults={**given, "by_id": by, "at": now})[0]
        return Ticket(row, walk_in)


def _refuse_by_rules(row: Appointment, series: Sequence[Appointment], *, on: date) -> None:
    rules, patient = rules_for(row.programme), row.patient
    person = person_doses(
        row.person,
        row.programme_id,
        birth_date=patient.birth_date,
        sex=patient.sex,
        district=patient.district_code,
    )
    decision = decide_move(rules, person, row.dose, on=on)
    if decision.dose is None:
        raise NotEligible(reason=decision.reason, from_date=decision.from_date)
    _refuse_too_near(rules, row, series, on=on)


def _refuse_too_near(rules: ProgrammeRules, row: Appointment, series: Sequence[Appointment], *, on: date) -> None:
    # From a day that is over it comes later, and the next dose may be too near then.
    first = earliest_after(rules, row.dose, on)
    if any(other.dose == row.dose + 1 and day_of(other) < first for other in series):
        raise NotEligible(reason="next_dose_booked")
