"""The visit that an act at a desk is about, and what becomes of an act that has none."""

from collections.abc import Iterable
from typing import Any

from booking.models import Appointment, Visit
from booking.operations.desk.act import Act, Scene
from booking.operations.refusals import Incomplete, NotFound, WrongStatus


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
