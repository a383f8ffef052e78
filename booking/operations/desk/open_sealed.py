"""What an act in conflict says about somebody's health, opened by whoever puts it right."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.look_ups import opened
from accounts.models import User
from booking.models import DeskAct
from booking.operations.refusals import NotFound
from booking.queries.desk.sealed import unseal
from sites.models import Site


def open_sealed(*, site: Site, act_id: int, by: User, now: datetime) -> dict[str, Any]:
    """What the device sent and nothing else could be written of; that it was read is written down.

    Raises NotFound for an act of another site and for one that keeps nothing sealed.
    """
    with transaction.atomic():
        act = DeskAct.objects.select_related("appointment").filter(pk=act_id, site=site).first()
        if act is None or "sealed" not in act.facts:
            raise NotFound(what="act")
        person = act.appointment.person if act.appointment is not None else None
        opened(what=f"booking.deskact {act.pk}", person=person, by=by, now=now)
        return unseal(act.facts["sealed"])
