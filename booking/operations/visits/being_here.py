"""The visit that an act at a desk is about, and what becomes of an act that has none."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from booking.models import Appointment, Outcome, Status, Visit
from booking.operations.desk.act import Act, Done, Scene
from booking.operations.desk.arrive import arrive, open_visit
from booking.operations.record_moves import has_another
from booking.operations.refusals import NotFound, WrongStatus
from booking.operations.visits.refusals import Incomplete


def visit_of(act: Act, scene: Scene) -> Visit | None:
    """The visit; None if there is none and the act has happened all the same.

    Otherwise raises NotFound for an appointment of another site, WrongStatus for somebody who has not checked in.
    """
    if scene.visit is not None and scene.visit.site_id == scene.site.pk:
        return scene.visit
    if act.offline:
        return None
    row = own_appointment(scene)
    if row is None:
        raise NotFound(what="appointment")
    raise WrongStatus(status=row.status)


def own_appointment(scene: Scene) -> Appointment | None:
    """The act's appointment if it is the site's own."""
    row = scene.appointment
    return row if row is not None and row.slot.site_id == scene.site.pk else None


def come_in(act: Act, scene: Scene, row: Appointment) -> Visit:
    """A visit for somebody whose check-in nobody has told us; the appointment is checked in if it was still ahead."""
    if row.status in (Status.BOOKED, Status.NO_SHOW):
        before = row.status
        try:
            with transaction.atomic():
                return arrive(row, act, site=scene.site)
        except IntegrityError as error:
            # A no-show can have another live appointment for the dose by now.
            if not has_another(error):
                raise
            row.status = before
    return open_visit(row, act, site=scene.site)


def refuse_unless(act: Act, visit: Visit, *statuses: str) -> None:
    """Raises WrongStatus for an act that can still be refused, if the visit is in none of these."""
    if not act.offline and visit.status not in statuses:
        raise WrongStatus(status=visit.status)


def chosen(act: Act, name: str, choices: Iterable[Any]) -> str:
    """One of the choices, as the act's data name it. Raises Incomplete; what has happened is taken as unsaid then."""
    value = act.data.get(name)
    if isinstance(value, str) and value in [str(one) for one in choices]:
        return value
    if not act.offline:
        raise Incomplete(field=name)
    return ""


def text(act: Act, name: str, most: int) -> str:
    """Free text of the act's data, without what the column could not hold."""
    return str(act.data.get(name) or "").strip()[:most]


def done(scene: Scene, visit: Visit, code: str = "", **facts: Any) -> Done:
    """It is written."""
    return Done(Outcome.DONE, code, facts, scene.appointment, visit)


def in_conflict(scene: Scene, code: str, visit: Visit | None = None, **facts: Any) -> Done:
    """It has happened and contradicts what we know, whatever was written of it."""
    return Done(Outcome.CONFLICT, code, facts, scene.appointment, visit)
