"""A dose that was not given, or not so: the record is marked as wrong and stays, the doses go back to their batch."""

from typing import Any

from booking.models import Batch, BodySite, RecordStatus, Route, Status, VaccinationRecord, Visit, VisitStatus
from booking.operations.refusals import DoseBarred, Incomplete, WrongStatus
from booking.operations.visits.batches import batch_bars, find_batch, give_back, use_dose
from booking.operations.visits.corrections import Correction, status_of
from booking.rules.dose import BATCH_BARS, UNKNOWN_BATCH


def correct_dose(correction: Correction) -> None:
    """Mark the visit's dose as entered in error; with a batch, body site or route, a new record takes its place.

    Without one nothing was given: the person is asked to come to the dose again. Raises WrongStatus if there is no
    dose; DoseBarred for a batch that the site does not have; Incomplete for what is no choice or changes nothing.
    """
    record = correction.visit.records.select_related("batch", "vaccine").filter(status=RecordStatus.COMPLETED).first()
    if record is None:
        raise WrongStatus(status=correction.visit.status)
    correction.before = _shown(record)
    if any(correction.act.data.get(name) for name in ("batch", "body_site", "route")):
        new = _written_anew(correction, record)
        correction.after = {**_shown(new), "lifted": new.lifted.split(",")} if new.lifted else _shown(new)
        return
    _mark(record, correction.reason)
    give_back(record, by=correction.act.by, at=correction.now)
    _not_given(correction)
    correction.after = {"status": RecordStatus.ENTERED_IN_ERROR.value}


def _shown(record: VaccinationRecord) -> dict[str, Any]:
    assert record.batch is not None
    return {"batch": record.batch.number, "body_site": record.body_site, "route": record.route}


def _mark(record: VaccinationRecord, reason: str) -> None:
    record.status, record.reason = RecordStatus.ENTERED_IN_ERROR, reason
    record.save(update_fields=["status", "reason"])


def _not_given(correction: Correction) -> None:
    row, visit = correction.row, correction.visit
    visit.vaccinated_at = visit.observe_until = None
    visit.left_at, visit.left_early = None, ""
    if row.status == Status.FULFILLED:
        row.status = Status.CHECKED_IN
        row.save(update_fields=["status"])
        visit.status = status_of(visit)
    else:
        # The appointment was given up before: nobody waits for a dose.
        visit.status, visit.left_at = VisitStatus.FINISHED, correction.act.happened_at
    visit.save(update_fields=["vaccinated_at", "observe_until", "left_at", "left_early", "status"])


def _written_anew(correction: Correction, old: VaccinationRecord) -> VaccinationRecord:
    batch = _batch(correction, old)
    body_site = _choice(correction, "body_site", BodySite.values, old.body_site)
    route = _choice(correction, "route", Route.values, old.route)
    if (batch.pk, body_site, route) == (old.batch_id, old.body_site, old.route):
        raise Incomplete(field="batch")
    _mark(old, correction.reason)
    kept = [bar for bar in old.lifted.split(",") if bar and bar not in BATCH_BARS]
    # The dose was given: what bars the right batch is lifted by saying that it was this one.
    new_bars = batch_bars(batch, correction.row.programme.vaccine, at=old.given_at)
    new = VaccinationRecord.objects.create(
        visit=old.visit,
        appointment=old.appointment,
        person=old.person,
        vaccine=batch.vaccine,
        dose=old.dose,
        batch=batch,
        body_site=body_site,
        route=route,
        given_at=old.given_at,
        given_by=old.given_by,
        lifted=",".join([*new_bars, *kept]),
        lifted_reason=correction.reason if new_bars else old.lifted_reason if kept else "",
    )
    if batch.pk != old.batch_id:
        give_back(old, by=correction.act.by, at=correction.now)
        use_dose(new, by=correction.act.by, at=old.given_at)
    return new


def _batch(correction: Correction, old: VaccinationRecord) -> Batch:
    number = str(correction.act.data.get("batch") or "").strip()
    if not number:
        assert old.batch is not None
        return old.batch
    visit: Visit = correction.visit
    found = find_batch(visit.site, correction.row.programme.vaccine, number)
    if found is None:
        raise DoseBarred(bars=[UNKNOWN_BATCH])
    return found


def _choice(correction: Correction, name: str, choices: list[str], old: str) -> str:
    value = correction.act.data.get(name) or old
    if value and value not in choices:
        raise Incomplete(field=name)
    return str(value)
