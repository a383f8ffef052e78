"""An adverse event after a dose is written down."""

from datetime import datetime

from booking.models import Reaction, Visit, VisitStatus
from booking.operations.desk.act import Act, Done, Scene
from booking.operations.visits.being_here import chosen, done, in_conflict, refuse_unless, text, visit_of
from booking.queries.desk.sealed import seal
from booking.rules.reactions import ACTIONS, KINDS

_LONGEST_NOTE = 500


def react(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Add a reaction to the visit, also after the person has left and come back.

    Where no dose is known yet it is added all the same, in conflict; where there is no visit it is kept sealed.
    """
    visit = visit_of(act, scene)
    if visit is None:
        return in_conflict(scene, "no_visit", sealed=seal(act.data))
    refuse_unless(act, visit, VisitStatus.IN_PROGRESS, VisitStatus.FINISHED)
    kind, action = chosen(act, "kind", KINDS), chosen(act, "action", ACTIONS)
    Reaction.objects.create(
        visit=visit,
        kind=kind,
        action=action,
        note=text(act, "note", _LONGEST_NOTE),
        began_at=_began_at(act, visit),
        by_id=act.by,
        at=act.happened_at,
    )
    if visit.vaccinated_at is None:
        return in_conflict(scene, "no_dose", visit)
    if not (kind and action):
        return in_conflict(scene, "incomplete", visit)
    return done(scene, visit)


def _began_at(act: Act, visit: Visit) -> datetime:
    """As it was told, where that can be: not after it was written down, nor before the person came."""
    try:
        told = datetime.fromisoformat(str(act.data.get("began_at")))
    except ValueError:
        return act.happened_at
    if told.tzinfo is None:
        return act.happened_at
    return max(min(told, act.happened_at), min(visit.arrived_at, act.happened_at))
