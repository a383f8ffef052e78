"""The rows that a dose which was given leaves behind, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from booking.models import Appointment, Batch, EventKind, RecordStatus, Status, VaccinationRecord, Visit, VisitStatus
from booking.operations.desk.act import Act
from booking.operations.desk.revive import revive
from booking.operations.history import note
from booking.operations.record_moves import has_another
from booking.operations.visits.batches import use_dose


@dataclass(frozen=True, slots=True)
class Given:
    """A dose as it was given: `lifted` are the bars that a doctor lifted for `reason`."""

    batch: Batch
    body_site: str
    route: str
    lifted: Sequence[str] = ()
    reason: str = ""


def decision_of(visit: Visit | None) -> str | None:
    """What the health questions of the visit have come to, None before they were asked or if that was taken back."""
    if visit is None or visit.triaged_at is None:
        return None
    return visit.answers.order_by("-at", "-pk").values_list("decision", flat=True).first()


def write_dose(act: Act, row: Appointment, visit: Visit, given: Given, *, now: datetime) -> list[str]:
    """Record the dose, take it from its batch, begin the observation, fulfil the appointment.

    Returns what of the appointment contradicts it: "stays_cancelled" or "already_booked" if it cannot be fulfilled,
    because the person has another one for the dose by now, or the slot is closed.
    """
    done_after_all = visit.records.filter(status=RecordStatus.NOT_DONE).update(status=RecordStatus.ENTERED_IN_ERROR)
    record = VaccinationRecord.objects.create(
        visit=visit,
        appointment=row,
        person=row.person,
        vaccine=given.batch.vaccine,
        dose=row.dose,
        batch=given.batch,
        body_site=given.body_site,
        route=given.route,
        given_at=act.happened_at,
        given_by_id=act.by,
        lifted=",".join(given.lifted),
        lifted_reason=given.reason,
    )
    use_dose(record, by=act.by, at=act.happened_at)
    _observe(act, visit, has_left=visit.left_at is not None and not done_after_all)
    if given.lifted:
        audit.record(
            by=User.objects.get(pk=act.by),
            action="lift_bar",
            what=record,
            label=row.reference,
            after={"bars": list(given.lifted), "batch": given.batch.number},
            reason=given.reason,
            district_code=visit.site.district_id,
            now=now,
        )
    return _fulfil(act, row, record, now=now)


def _observe(act: Act, visit: Visit, *, has_left: bool) -> None:
    visit.vaccinated_at = act.happened_at
    visit.observe_until = act.happened_at + timedelta(minutes=settings.OBSERVATION_MINUTES)
    # Whoever was seen to leave afterwards has left: the dose was only told later.
    if not (has_left and visit.left_at is not None and act.happened_at <= visit.left_at):
        visit.status, visit.left_at, visit.left_early = VisitStatus.IN_PROGRESS, None, ""
    visit.save(update_fields=["vaccinated_at", "observe_until", "status", "left_at", "left_early"])


def _fulfil(act: Act, row: Appointment, record: VaccinationRecord, *, now: datetime) -> list[str]:
    if row.status == Status.CANCELLED and not revive(row, by=act.by, now=now):
        # The record is there; the appointment cannot say so.
        return ["stays_cancelled"]
    before, row.status = row.status, Status.FULFILLED
    try:
        with transaction.atomic():
            row.save(update_fields=["status"])
    except IntegrityError as error:
        if not has_another(error):
            raise
        row.status = before
        return ["already_booked"]
    note(row, EventKind.FULFILLED, by=act.by, now=act.happened_at, record=str(record.pk))
    return []
