"""Somebody leaves when the observation is over, or before."""

from datetime import datetime

from booking.models import Visit, VisitStatus
from booking.operations.desk.act import Act, Done, Scene
from booking.operations.refusals import ReasonMissing
from booking.operations.visits.being_here import done, in_conflict, refuse_unless, text, visit_of
from booking.rules.dose import is_reason

_LONGEST_REASON = 120


def leave(act: Act, scene: Scene, *, now: datetime) -> Done:
    """End the visit. Before the observation is over that takes a reason.

    Whoever was seen to leave twice left the first time. Somebody whose dose is not known yet left all the same: it may
    come from another device.
    """
    visit = visit_of(act, scene)
    if visit is None:
        return in_conflict(scene, "no_visit")
    if visit.left_at is not None:
        refuse_unless(act, visit, VisitStatus.IN_PROGRESS)
        return done(scene, visit, "already_left")
    refuse_unless(act, visit, VisitStatus.IN_PROGRESS)
    reason = text(act, "early", _LONGEST_REASON)
    unexplained = _is_early(act, visit) and not is_reason(reason)
    if unexplained and not act.offline:
        raise ReasonMissing()
    has_dose = visit.status == VisitStatus.IN_PROGRESS
    visit.status, visit.left_at, visit.left_early = VisitStatus.FINISHED, act.happened_at, reason
    visit.save(update_fields=["status", "left_at", "left_early"])
    if not has_dose:
        return in_conflict(scene, "no_dose", visit)
    if unexplained:
        return in_conflict(scene, "reason_missing", visit)
    return done(scene, visit)


def _is_early(act: Act, visit: Visit) -> bool:
    return visit.observe_until is not None and act.happened_at < visit.observe_until
