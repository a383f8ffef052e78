"""How many places of some slots the ledger has given away."""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count

from booking.models import Appointment


def taken_in(slots: Sequence[int], ledger: str = DEFAULT_DB_ALIAS) -> dict[int, int]:
    """Places in use for each slot that has any: live appointments, and cancelled ones that may still be restored."""
    rows = Appointment.objects.using(ledger).filter(slot_id__in=slots).holding_a_place().values_list("slot_id")
    return dict(rows.annotate(places=Count("place")).order_by())
