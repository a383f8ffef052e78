"""Somebody's number is called to a desk."""

from datetime import datetime

from booking.models import PRESENT
from booking.operations.desk.act import Act, Done, Scene
from booking.operations.visits.being_here import done, in_conflict, refuse_unless, visit_of


def call(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Call the visit's number to the act's desk. The latest call counts; to call somebody who has left is nothing."""
    visit = visit_of(act, scene)
    if visit is None:
        return in_conflict(scene, "no_visit")
    refuse_unless(act, visit, *PRESENT)
    if visit.called_at is None or visit.called_at <= act.happened_at:
        visit.called_at, visit.called_desk = act.happened_at, act.desk
        visit.save(update_fields=["called_at", "called_desk"])
    return done(scene, visit, desk=act.desk)
