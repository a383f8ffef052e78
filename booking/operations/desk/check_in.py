"""Somebody shows a code or a number at the desk and is checked in; or it is said why not.

What was done without the network has happened. Where it fits into what we know it is written like any other, where it
contradicts that, as much of it is written as can be, and a person looks at it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from booking.models import ActKind, Appointment, AppointmentEvent, DeskAct, EventKind, Outcome, Status, Visit
from booking.operations.desk.act import Act, Done, Scene, conflict
from booking.operations.desk.arrive import arrive
from booking.operations.desk.refusals import NotCheckedIn
from booking.operations.desk.revive import revive
from booking.operations.record_moves import has_another
from booking.operations.refusals import AlreadyBooked
from booking.queries.moments import to_the_second
from booking.rules import check_in as rules

# Given up at the desk itself: the questions said not today, or never.
_BY_DESK = ("deferred", "refused")


def check_in(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Check somebody in. Raises NotCheckedIn and AlreadyBooked, of what was not done offline."""
    found = _decide(act, scene)
    row = scene.appointment
    if row is None:
        if not act.offline:
            raise NotCheckedIn(result=found.result, reason=found.reason)
        return conflict("unknown", reference=act.reference)
    if act.offline:
        return _happened(act, row, scene, found, now=now)
    if found.result != rules.OK:
        raise NotCheckedIn(result=found.result, reason=found.reason, **_why(found.reason, row, scene))
    done = _arrived(act, row, scene, found)
    if done is None:
        raise AlreadyBooked(reference=None)
    return done


def _decide(act: Act, scene: Scene) -> rules.CheckIn:
    row, known = scene.appointment, None
    if row is not None:
        slot = row.slot
        known = rules.Known(
            status=row.status,
            is_here=slot.site_id == scene.site.pk,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            day=timezone.localdate(slot.starts_at),
            has_visit=scene.visit is not None,
        )
    return rules.check_in(
        known,
        now=act.happened_at,
        today=timezone.localdate(act.happened_at),
        window=timedelta(minutes=settings.CHECK_IN_MINUTES),
        # Whoever was taken in without the network was taken in.
        accepts_time=act.offline or bool(act.data.get("accept_time")),
    )


def _arrived(act: Act, row: Appointment, scene: Scene, found: rules.CheckIn) -> Done | None:
    """The check-in as it is written, or None if the person has another live appointment for the dose by now."""
    was = row.status
    try:
        # Whoever is booked has the dose; there is nothing to come back to.
        with transaction.atomic(savepoint=was != Status.BOOKED):
            visit = arrive(row, act, site=scene.site)
    except IntegrityError as error:
        # Somebody who was given up, as a no-show, can meet the appointment that came instead.
        if not has_another(error):
            raise
        row.status = was
        return None
    facts = {"result": found.result, "reason": found.reason, "was": was.lower(), **_when(visit)}
    return Done(code=found.reason, facts=facts, appointment=row, visit=visit)


def _happened(act: Act, row: Appointment, scene: Scene, found: rules.CheckIn, *, now: datetime) -> Done:
    """What was done without the network, put beside what we know."""
    if scene.visit is not None:
        return _once_more(act, row, scene.visit)
    why = _why(found.reason, row, scene)
    if found.reason == rules.OTHER_SITE:
        return replace(conflict(_moved(row) or found.reason, **why), appointment=row)
    if found.reason == rules.CANCELLED:
        if not revive(row, by=act.by, now=now):
            return replace(conflict("cancelled_meanwhile", revived=False, **why), appointment=row)
        return _flagged("cancelled_meanwhile", _arrived(act, row, scene, found), row, revived=True, **why)
    if found.result == rules.REFUSED:
        return replace(conflict(found.reason, **why), appointment=row)
    done = _arrived(act, row, scene, found)
    if done is None or found.reason == rules.OTHER_DAY:
        return _flagged(_moved(row) or found.reason, done, row, **why)
    return done


def _flagged(code: str, done: Done | None, row: Appointment, **facts: Any) -> Done:
    """A conflict with the effect that it has had, if any."""
    if done is None:
        return replace(conflict("already_booked"), appointment=row)
    return replace(done, outcome=Outcome.CONFLICT, code=code, facts={**done.facts, **facts})


def _once_more(act: Act, row: Appointment, visit: Visit) -> Done:
    first = DeskAct.objects.filter(visit=visit, kind=ActKind.CHECK_IN).order_by("pk").first()
    facts = {"result": rules.REFUSED, "reason": rules.ALREADY, **_when(visit)}
    if first is not None and first.device == act.device:
        return Done(code=rules.ALREADY, facts=facts, appointment=row, visit=visit)
    return Done(Outcome.CONFLICT, "checked_in_elsewhere", facts, row, visit)


def _moved(row: Appointment) -> str:
    moves = AppointmentEvent.objects.filter(appointment=row, kind__in=[EventKind.MOVED, EventKind.RELOCATED])
    return "moved_meanwhile" if moves.exists() else ""


def _why(reason: str, row: Appointment, scene: Scene) -> dict[str, Any]:
    """What people at the desk are told about a no, and no more than that."""
    slot = row.slot
    if reason == rules.OTHER_SITE:
        return {"site": slot.site.name, "site_en": slot.site.name_en, "starts_at": to_the_second(slot.starts_at)}
    if reason == rules.ALREADY:
        return _when(scene.visit) if scene.visit is not None else {}
    if reason == rules.CANCELLED:
        at = row.cancelled_at and to_the_second(row.cancelled_at)
        return {"cancelled_at": at, "by": _cancelled_by(row)}
    return {"starts_at": to_the_second(slot.starts_at), "ends_at": to_the_second(slot.ends_at)}


def _cancelled_by(row: Appointment) -> str:
    event = AppointmentEvent.objects.filter(appointment=row, kind=EventKind.CANCELLED).order_by("-pk").first()
    if event is None or event.by_id == row.booked_by_id:
        return "self"
    return "desk" if event.facts.get("reason") in _BY_DESK else "city"


def _when(visit: Visit) -> dict[str, Any]:
    return {"at": to_the_second(visit.arrived_at), "desk": visit.arrived_desk, "ticket": visit.ticket}
