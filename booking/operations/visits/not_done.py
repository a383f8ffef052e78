"""A dose is not given today, or never: what the health questions came to."""

from datetime import datetime

from booking.models import Appointment, Decision, RecordStatus, Status, VaccinationRecord, Visit, VisitStatus
from booking.operations.cancel import give_up
from booking.operations.desk.act import Act

# As the appointment's history names them.
REASONS = {Decision.DEFER: "deferred", Decision.REFUSE: "refused"}


def not_done(act: Act, row: Appointment, visit: Visit, decision: Decision, *, now: datetime) -> None:
    """End the visit without a dose, in the caller's transaction, and give the appointment up.

    Its place goes back at once: no citizen takes the decision back. Later doses of the series stay: they can be moved,
    and a decision that was a mistake must not have cost them.
    """
    reason = REASONS[decision]
    VaccinationRecord.objects.create(
        visit=visit,
        appointment=row,
        person=row.person,
        vaccine=row.programme.vaccine,
        dose=row.dose,
        status=RecordStatus.NOT_DONE,
        given_at=act.happened_at,
        given_by_id=act.by,
        reason=reason,
    )
    visit.status, visit.left_at = VisitStatus.FINISHED, act.happened_at
    visit.save(update_fields=["status", "left_at", "triaged_at"])
    if row.status in (Status.CHECKED_IN, Status.BOOKED):
        give_up(row, until=None, by=act.by, now=now, reason=reason)
