"""The health questions are answered, with the decision that followed."""

from datetime import date, datetime

from booking.models import Appointment, Decision, HealthAnswers, Outcome, Status, Visit, VisitStatus
from booking.operations.desk.act import Act, Done, Scene, conflict
from booking.operations.refusals import Incomplete, WrongStatus
from booking.operations.visits.being_here import chosen, own_appointment, refuse_unless, text, visit_of
from booking.operations.visits.not_done import not_done
from booking.operations.visits.open_visit import open_visit
from booking.queries.desk.sealed import seal
from booking.rules.health_questions import QUESTIONS

_LONGEST_NOTE = 500


def answer(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Write down the answers and the decision. Asked again before the dose, the newer decision counts.

    A deferral or a refusal ends the visit and gives the appointment up, so that the person may book again. Answers that
    come after the dose are added and change nothing; if they say no, a person has to look at it.
    """
    visit = visit_of(act, scene)
    came_in, row = visit is not None, own_appointment(scene)
    if visit is None:
        if row is None or row.status == Status.CANCELLED:
            return conflict("no_visit" if row is None else "cancelled", sealed=seal(act.data))
        visit = open_visit(act, scene.site, row)
    row = scene.appointment
    assert row is not None
    refuse_unless(act, visit, VisitStatus.ARRIVED, VisitStatus.TRIAGED)
    if not act.offline and row.status != Status.CHECKED_IN:
        raise WrongStatus(status=row.status)
    decision = write_answers(act, visit)
    if visit.status not in (VisitStatus.ARRIVED, VisitStatus.TRIAGED):
        return _too_late(act, visit, decision)
    if visit.triaged_at is None or act.happened_at >= visit.triaged_at:
        _decide(act, row, visit, decision, now=now)
    if not came_in or not decision:
        return Done(Outcome.CONFLICT, "incomplete" if came_in else "not_checked_in", {}, row, visit)
    return Done(appointment=row, visit=visit)


def write_answers(act: Act, visit: Visit) -> str:
    """Add the act's answers to the visit, and return the decision; empty where an act that has happened names none.

    Raises Incomplete.
    """
    said_yes = act.data.get("said_yes")
    known = [one for one in QUESTIONS if isinstance(said_yes, list) and one in said_yes]
    if not act.offline and (not isinstance(said_yes, list) or len(known) != len(said_yes)):
        raise Incomplete(field="said_yes")
    decision = chosen(act, "decision", Decision.values)
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


def _decide(act: Act, row: Appointment, visit: Visit, decision: str, *, now: datetime) -> None:
    visit.triaged_at = act.happened_at
    if decision in (Decision.DEFER, Decision.REFUSE):
        not_done(act, row, visit, Decision(decision), now=now)
        return
    visit.status = VisitStatus.TRIAGED
    visit.save(update_fields=["status", "triaged_at"])


def _too_late(act: Act, visit: Visit, decision: str) -> Done:
    """The visit went on meanwhile, on another device."""
    in_order = visit.vaccinated_at is not None and act.happened_at <= visit.vaccinated_at
    if decision == Decision.MAY and in_order:
        visit.triaged_at = visit.triaged_at or act.happened_at
        visit.save(update_fields=["triaged_at"])
        return Done(visit=visit)
    return Done(Outcome.CONFLICT, "too_late", visit=visit)
