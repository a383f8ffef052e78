"""What a visit is put back to, in the caller's transaction with appointment and visit locked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.audit import HIDDEN
from booking.models import ActKind, Appointment, DeskAct, RecordStatus, Status, Visit, VisitStatus
from booking.operations.desk.act import Act
from booking.operations.desk.revive import revive
from booking.operations.desk.undo import take_back
from booking.operations.refusals import AlreadyBooked, WrongStatus


@dataclass(slots=True)
class Correction:
    """What is to be put right and why; `before` and `after` are filled with what the audit trail says of it."""

    act: Act
    row: Appointment
    visit: Visit
    reason: str
    now: datetime
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def correct_check_in(correction: Correction) -> None:
    """The person was not there after all: however long ago, as long as no dose is known. Raises WrongStatus."""
    row, visit, act = correction.row, correction.visit, correction.act
    if row.status != Status.CHECKED_IN:
        raise WrongStatus(status=row.status)
    first = DeskAct.objects.filter(visit=visit, kind=ActKind.CHECK_IN).order_by("pk").first()
    was_cancelled = first is not None and first.facts.get("was") == "cancelled"
    take_back(row, visit, by=act.by, at=act.happened_at, now=correction.now, was_cancelled=was_cancelled)
    correction.before, correction.after = {"status": Status.CHECKED_IN.value}, {"status": row.status}


def correct_answers(correction: Correction) -> None:
    """The questions are to be asked again: the answers stay readable, the decision counts no more.

    What a deferral or a refusal gave up lives again, with its place or another one. Raises WrongStatus after a dose;
    AlreadyBooked if the person has taken another place meanwhile.
    """
    row, visit = correction.row, correction.visit
    if visit.triaged_at is None or visit.vaccinated_at is not None:
        raise WrongStatus(status=visit.status)
    undone = visit.records.filter(status=RecordStatus.NOT_DONE)
    if undone.update(status=RecordStatus.ENTERED_IN_ERROR, reason=correction.reason):
        if row.status == Status.CANCELLED and not revive(row, by=correction.act.by, now=correction.now):
            raise AlreadyBooked(reference=None)
        row.status = Status.CHECKED_IN
        row.save(update_fields=["status"])
    visit.status, visit.triaged_at, visit.left_at = VisitStatus.ARRIVED, None, None
    visit.save(update_fields=["status", "triaged_at", "left_at"])
    correction.before, correction.after = {"answers": HIDDEN}, {"answers": None}


def correct_leave(correction: Correction) -> None:
    """The person is still there. Raises WrongStatus where the visit ended without a dose by a decision."""
    visit = correction.visit
    if visit.left_at is None or visit.records.filter(status=RecordStatus.NOT_DONE).exists():
        raise WrongStatus(status=visit.status)
    correction.before = {"left_at": visit.left_at.isoformat()}
    correction.after = {"left_at": None}
    visit.status = status_of(visit)
    visit.left_at, visit.left_early = None, ""
    visit.save(update_fields=["status", "left_at", "left_early"])


def status_of(visit: Visit) -> VisitStatus:
    """How far somebody has come who is at the site."""
    if visit.vaccinated_at is not None:
        return VisitStatus.IN_PROGRESS
    return VisitStatus.ARRIVED if visit.triaged_at is None else VisitStatus.TRIAGED
