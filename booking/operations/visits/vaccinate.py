"""A dose is given: the record, the batch it came from, the observation that begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from booking.models import Appointment, Batch, BodySite, RecordStatus, Route, Status, Visit
from booking.operations.desk.act import Act, Done, Scene
from booking.operations.refusals import DoseBarred, Incomplete, WrongStatus
from booking.operations.visits.batches import bars_on, find_batch, note_batch
from booking.operations.visits.being_here import (
    chosen,
    come_in,
    done,
    in_conflict,
    own_appointment,
    text,
    visit_of,
)
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

    A dose that is recorded already is a conflict and changes nothing, whoever sent it and however. Raises WrongStatus;
    Incomplete; DoseBarred for what a doctor has not lifted. What has happened is recorded whatever bars it, in
    conflict, if there is an appointment of this site and a batch to write it with.
    """
    asked = _asked(act)
    visit = visit_of(act, scene)
    row = scene.appointment if visit is not None else own_appointment(scene)
    if row is None:
        return in_conflict(scene, "no_visit", reference=act.reference, **asked.kept())
    if row.status == Status.FULFILLED or (visit is not None and _given(visit)):
        return in_conflict(scene, ALREADY_GIVEN, visit, **asked.kept())
    if not act.offline and row.status != Status.CHECKED_IN:
        raise WrongStatus(status=row.status)
    batch, is_new = _batch(act, scene, row, asked)
    found = bars_on(row, batch, decision=decision_of(visit), at=act.happened_at)
    stay = still_barred(found, lift=asked.lift, reason=asked.reason, doctor=may(scene.roles, "lift_bar"))
    if stay and not act.offline:
        raise DoseBarred(bars=stay)
    if batch is None:
        return in_conflict(scene, UNKNOWN_BATCH, visit, **asked.kept())
    contradictions = [*_contradictions(asked, row, visit), *([UNKNOWN_BATCH] if is_new else []), *stay]
    lifted = [bar for bar in found if bar not in stay]
    given = Given(batch, asked.body_site, asked.route, lifted, asked.reason if lifted else "")
    visit = visit or come_in(act, scene, row)
    contradictions += write_dose(act, row, visit, given, now=now)
    facts: dict[str, Any] = {"batch": batch.number, "body_site": asked.body_site, "lifted": lifted}
    if contradictions:
        return in_conflict(scene, contradictions[0], visit, **facts, all=contradictions)
    return done(scene, visit, **facts)


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


def _given(visit: Visit) -> bool:
    return visit.records.filter(status=RecordStatus.COMPLETED).exists()


def _contradictions(asked: Asked, row: Appointment, visit: Visit | None) -> list[str]:
    """What has happened all the same, the most surprising first."""
    found = []
    if row.status == Status.CANCELLED:
        found.append("not_done" if visit is not None else "cancelled_meanwhile")
    elif visit is None:
        found.append("not_checked_in")
    if not (asked.body_site and asked.route):
        found.append("incomplete")
    return found
