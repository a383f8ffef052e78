"""A dose is given: the record, the batch it came from, the observation that begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from booking.models import Appointment, Batch, BodySite, Outcome, RecordStatus, Route, Status, Visit, VisitStatus
from booking.operations.desk.act import Act, Done, Scene, conflict
from booking.operations.refusals import DoseBarred, Incomplete, WrongStatus
from booking.operations.visits.batches import bars_on, find_batch, note_batch
from booking.operations.visits.being_here import chosen, own_appointment, text, visit_of
from booking.operations.visits.open_visit import open_visit
from booking.operations.visits.write_dose import Given, decision_of, write_dose
from booking.rules.desk_roles import may
from booking.rules.dose import ALREADY_GIVEN, UNKNOWN_BATCH, still_barred


@dataclass(frozen=True, slots=True)
class Asked:
    """What the desk says it gave: a batch by its number, and what the vial itself said where it was read."""

    number: str
    body_site: str
    route: str
    lift: Sequence[str]
    reason: str
    expires_on: date | None
    pack_code: str

    def kept(self) -> dict[str, Any]:
        """For the facts of an act that nothing else could be written of."""
        expires_on = self.expires_on.isoformat() if self.expires_on else None
        found = {"batch": self.number, "expires_on": expires_on, "pack_code": self.pack_code}
        return {**found, "body_site": self.body_site, "route": self.route}


def vaccinate(act: Act, scene: Scene, *, now: datetime) -> Done:
    """Write down the dose that was given to the appointment's person, and begin the observation.

    A dose that is recorded for the visit already is a conflict and changes nothing, whoever sent it. Raises WrongStatus;
    Incomplete; DoseBarred for what a doctor has not lifted. What has happened is recorded whatever bars it, in conflict,
    if there is an appointment of this site and a batch to write it with.
    """
    asked = _asked(act)
    visit, row = visit_of(act, scene), scene.appointment
    came_in = visit is not None
    if visit is None:
        row = own_appointment(scene)
        if row is None:
            return conflict("no_visit", reference=act.reference, **asked.kept())
    assert row is not None
    if visit is not None and (known := visit.records.filter(status=RecordStatus.COMPLETED).first()):
        facts = {"given_at": known.given_at.isoformat(), "given_by": known.given_by_id}
        return Done(Outcome.CONFLICT, ALREADY_GIVEN, {**asked.kept(), **facts}, visit=visit)
    if not act.offline and row.status != Status.CHECKED_IN:
        raise WrongStatus(status=row.status)
    batch, is_new = _batch(act, scene, row, asked)
    found = bars_on(row, batch, decision=decision_of(visit), at=act.happened_at)
    stay = still_barred(found, lift=asked.lift, reason=asked.reason, doctor=may(scene.roles, "lift_bar"))
    if stay and not act.offline:
        raise DoseBarred(bars=stay)
    if batch is None:
        return conflict(UNKNOWN_BATCH, **asked.kept())
    lifted = [bar for bar in found if bar not in stay]
    visit = visit or open_visit(act, scene.site, row)
    given = Given(batch, asked.body_site, asked.route, lifted, asked.reason if lifted else "")
    contradictions = [UNKNOWN_BATCH] if is_new else []
    contradictions += _contradictions(asked, row, visit, stay, came_in=came_in)
    contradictions += write_dose(act, row, visit, given, now=now)
    facts = {"batch": batch.number, "body_site": asked.body_site, "lifted": lifted}
    if contradictions:
        return Done(Outcome.CONFLICT, contradictions[0], {**facts, "all": contradictions}, row, visit)
    return Done(facts=facts, appointment=row, visit=visit)


def _asked(act: Act) -> Asked:
    number = text(act, "batch", 40)
    if not number and not act.offline:
        raise Incomplete(field="batch")
    lift = act.data.get("lift")
    try:
        expires_on = date.fromisoformat(str(act.data.get("expires_on")))
    except ValueError:
        expires_on = None
    return Asked(
        number=number,
        body_site=chosen(act, "body_site", BodySite.values),
        route=chosen(act, "route", Route.values),
        lift=[str(one) for one in lift] if isinstance(lift, list) else [],
        reason=text(act, "lift_reason", 200),
        expires_on=expires_on,
        pack_code=text(act, "pack_code", 64),
    )


def _batch(act: Act, scene: Scene, row: Appointment, asked: Asked) -> tuple[Batch | None, bool]:
    vaccine = row.programme.vaccine
    found = find_batch(scene.site, vaccine, asked.number)
    if found is None and act.offline and asked.number and asked.expires_on is not None:
        # The vial was in somebody's hand: what its code said is the batch, though nobody has received it.
        new = note_batch(scene.site, vaccine, asked.number, expires_on=asked.expires_on, pack_code=asked.pack_code)
        return new, True
    return found, False


def _contradictions(
    asked: Asked, row: Appointment, visit: Visit, stay: Sequence[str], *, came_in: bool
) -> list[str]:
    """What has happened all the same, the most surprising first."""
    found = [] if came_in else ["not_checked_in"]
    if row.status == Status.CANCELLED:
        found.append("cancelled")
    if visit.left_at is not None and visit.status == VisitStatus.FINISHED and visit.records.exists():
        found.append("not_done")
    found += stay
    if not (asked.body_site and asked.route):
        found.append("incomplete")
    return found
