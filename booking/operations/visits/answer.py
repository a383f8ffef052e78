"""The health questions are answered, with the decision that followed."""

from datetime import date, datetime

from booking.models import Appointment, Decision, HealthAnswers, Status, Visit, VisitStatus
from booking.operations.desk.act import Act, Done, Scene
from booking.operations.refusals import Incomplete, WrongStatus
from booking.operations.visits.being_here import (
    chosen,
    come_in,
    done,
    in_conflict,
    own_appointment,
    refuse_unless,
    text,
    visit_of,
)
from booking.operations.visits.not_done import not_done
from booking.queries.desk.sealed import seal
from booking.rules.health_questions import QUESTIONS

_BEFORE_THE_DOSE = (VisitStatus.ARRIVED, VisitStatus.TRIAGED)
_LONGEST_NOTE = 500


def answer(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Write down the answers and the decision. Asked again before the dose, the later decision counts.

    A deferral or a refusal ends the visit and gives the appointment up, so that the person may book again. Answers that
    come after the dose are added and change nothing; if they do not say yes, a person has to look at it.
    """
    visit, row = visit_of(act, scene), scene.appointment
    came_in = visit is not None
    if visit is None:
        row = own_appointment(scene)
        if row is None or row.status not in (Status.BOOKED, Status.NO_SHOW, Status.CHECKED_IN):
            return in_conflict(scene, "no_visit", sealed=seal(act.data))
        visit = come_in(act, scene, row)
    assert row is not None
    refuse_unless(act, visit, *_BEFORE_THE_DOSE)
    if not act.offline and row.status != Status.CHECKED_IN:
        raise WrongStatus(status=row.status)
    decision = _write(act, visit)
    if visit.status not in _BEFORE_THE_DOSE:
        return _too_late(act, scene, visit, decision)
    if visit.triaged_at is None or act.happened_at >= visit.triaged_at:
        _decide(act, row, visit, decision, now=now)
    if not decision:
        return in_conflict(scene, "incomplete", visit)
    return done(scene, visit) if came_in else in_conflict(scene, "not_checked_in", visit)


def _write(act: Act, visit: Visit) -> Decision | None:
    """The decision; None where an act that has happened names none that can be read. Raises Incomplete."""
    said_yes = act.data.get("said_yes")
    known = [one for one in QUESTIONS if isinstance(said_yes, list) and one in said_yes]
    if not act.offline and (not isinstance(said_yes, list) or len(known) != len(said_yes)):
        raise Incomplete(field="said_yes")
    named = chosen(act, "decision", [one.lower() for one in Decision.values])
    decision = Decision(named.upper()) if named else None
    HealthAnswers.objects.create(
        visit=visit,
        said_yes=",".join(known),
        note=text(act, "note", _LONGEST_NOTE),
        # Nobody is vaccinated on an answer that cannot be read.
        decision=decision or Decision.DEFER,
        deferred_until=_deferred_until(act),
        by_id=act.by,
        at=act.happened_at,
    )
    return decision


def _deferred_until(act: Act) -> date | None:
    try:
        return date.fromisoformat(str(act.data.get("deferred_until")))
    except ValueError:
        return None


def _decide(act: Act, row: Appointment, visit: Visit, decision: Decision | None, *, now: datetime) -> None:
    visit.triaged_at = act.happened_at
    if decision in (Decision.DEFER, Decision.REFUSE):
        not_done(act, row, visit, decision, now=now)
        return
    visit.status = VisitStatus.TRIAGED
    visit.save(update_fields=["status", "triaged_at"])


def _too_late(act: Act, scene: Scene, visit: Visit, decision: Decision | None) -> Done:
    """The visit went on meanwhile, on another device."""
    if decision == Decision.MAY and visit.vaccinated_at is not None and act.happened_at <= visit.vaccinated_at:
        visit.triaged_at = visit.triaged_at or act.happened_at
        visit.save(update_fields=["triaged_at"])
        return done(scene, visit)
    return in_conflict(scene, "too_late", visit)
