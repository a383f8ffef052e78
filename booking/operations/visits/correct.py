"""A supervisor puts right what was written down wrongly. What was wrong stays readable, and so does who says so."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts import audit
from accounts.models import User
from booking.models import Appointment, EventKind, Visit
from booking.operations.desk.act import Act, Done, Scene
from booking.operations.history import note
from booking.operations.visits.being_here import done, in_conflict, text, visit_of
from booking.operations.visits.correct_dose import correct_dose
from booking.operations.visits.corrections import Correction, correct_answers, correct_check_in, correct_leave
from booking.operations.visits.refusals import Incomplete, ReasonMissing
from booking.queries.desk.sealed import seal
from booking.queries.moments import moment
from booking.queries.outside_doses import later_booked
from booking.rules.dose import is_reason

CORRECTIONS: dict[str, Callable[[Correction], None]] = {
    "check_in": correct_check_in,
    "answers": correct_answers,
    "dose": correct_dose,
    "leave": correct_leave,
}


def correct(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Take back a check-in, the answers, a dose or a departure, or write a dose anew with what was right.

    Always with a reason, which is in the audit trail; the appointment's history says what was corrected. Raises
    ReasonMissing, Incomplete, WrongStatus, DoseBarred for a batch that the site does not have, and AlreadyBooked where
    an appointment cannot live again.
    """
    visit, row = visit_of(act, scene), scene.appointment
    if visit is None or row is None:
        return in_conflict(scene, "no_visit", sealed=seal(act.data))
    correction = Correction(act, row, visit, text(act, "reason", 200), now)
    if not is_reason(correction.reason):
        raise ReasonMissing()
    what = str(act.data.get("what"))
    if what not in CORRECTIONS:
        raise Incomplete(field="what")
    CORRECTIONS[what](correction)
    _leave_traces(correction, what, row, visit)
    return done(scene, visit, what=what, **_left_hanging(correction, what))


def _left_hanging(correction: Correction, what: str) -> dict[str, Any]:
    """The later doses that stay booked where one turns out not to have been given.

    They are not cancelled: mostly it is given a little later, on the same day. The supervisor is told, and the desk
    bars them as long as the one before is missing.
    """
    row = correction.row
    if what != "dose" or correction.after.get("status") is None:
        return {}
    later = later_booked(row.person, row.programme_id, row.dose)
    found = [{"dose": one.dose, "starts_at": moment(one.slot.starts_at)} for one in later]
    return {"later_booked": found} if found else {}


def _leave_traces(correction: Correction, what: str, row: Appointment, visit: Visit) -> None:
    act = correction.act
    note(row, EventKind.CORRECTED, by=act.by, now=act.happened_at, what=what)
    audit.record(
        by=User.objects.get(pk=act.by),
        action="correct",
        what=visit,
        label=row.reference,
        before=correction.before,
        after=correction.after,
        reason=correction.reason,
        district_code=visit.site.district_id,
        now=correction.now,
    )
