"""A check-in is taken back at the desk that made it: the wrong person, the wrong button."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from booking.models import ActKind, Appointment, DeskAct, EventKind, Status, Visit, VisitStatus
from booking.operations.cancel import give_up
from booking.operations.desk.act import Act, Done, Scene, conflict
from booking.operations.desk.refusals import CannotUndo
from booking.operations.history import note
from booking.operations.refusals import NotFound


def undo_check_in(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Take the check-in back, soon, at its own desk, and while nothing else has come of it.

    Raises CannotUndo, and NotFound if nobody is checked in, of what was not done offline.
    """
    row, visit = scene.appointment, scene.visit
    if row is None:
        raise NotFound(what="visit")
    if visit is None:
        if not act.offline:
            raise NotFound(what="visit")
        # What was undone without the network had no effect in the first place.
        return Done(code="nothing_to_undo", appointment=row)
    first = DeskAct.objects.filter(visit=visit, kind=ActKind.CHECK_IN).order_by("pk").first()
    if (reason := _why_not(act, visit, first)) is not None:
        if not act.offline:
            raise CannotUndo(reason=reason)
        if reason == "desk":
            return Done(code="nothing_to_undo", appointment=row, visit=visit)
        return replace(conflict("cannot_undo", reason=reason), appointment=row, visit=visit)
    revived = first is not None and first.facts.get("revived", False)
    take_back(row, visit, by=act.by, at=act.happened_at, now=now, was_cancelled=revived)
    return Done(facts={"ticket": visit.ticket}, appointment=row, visit=visit)


def take_back(
    row: Appointment, visit: Visit, *, by: int, at: datetime, now: datetime, was_cancelled: bool = False
) -> None:
    """Write that the check-in was none, in the caller's transaction, with both rows locked.

    The appointment is booked again; what was cancelled before the check-in is cancelled again.
    """
    visit.status = VisitStatus.CANCELLED
    visit.save(update_fields=["status"])
    row.status = Status.BOOKED
    row.save(update_fields=["status"])
    note(row, EventKind.CHECK_IN_UNDONE, by=by, now=at, desk=visit.arrived_desk)
    if was_cancelled:
        give_up(row, until=None, by=by, now=now)


def _why_not(act: Act, visit: Visit, first: DeskAct | None) -> str | None:
    if first is None or first.device != act.device:
        return "desk"
    others = DeskAct.objects.filter(visit=visit).exclude(kind=ActKind.CHECK_IN)
    if visit.status != VisitStatus.ARRIVED or others.exists():
        return "progress"
    if act.happened_at - visit.arrived_at > timedelta(seconds=settings.CHECK_IN_UNDO_SECONDS):
        return "time"
    return None
