"""Into which slot of today somebody is written who comes for a leftover dose."""

from datetime import datetime

from django.utils import timezone

from booking.models import Slot
from booking.queries.availability import day_bounds
from booking.rules.leftovers import Stretch, slot_for


def todays_slot(site_id: int, programme_id: int, *, until: datetime) -> int | None:
    """The site's slot in which they come, if it has an open one on that day."""
    day = timezone.localdate(until)
    midnight, next_midnight = day_bounds(day, day)
    rows = Slot.objects.standing().filter(
        site_id=site_id,
        programme_id=programme_id,
        closed_at=None,
        starts_at__gte=midnight,
        starts_at__lt=next_midnight,
    )
    found = rows.order_by("starts_at").values_list("pk", "starts_at", "ends_at")
    return slot_for([Stretch(*row) for row in found], until=until)
