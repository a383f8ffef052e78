"""Into which slot of today somebody is written who comes for a leftover dose."""

from datetime import datetime, timedelta

from django.utils import timezone

from booking.models import Slot
from booking.rules.leftovers import Stretch, slot_for


def todays_slot(site_id: int, programme_id: int, *, until: datetime) -> int | None:
    """The site's slot in which they come, if it has an open one on that day."""
    midnight = timezone.localtime(until).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Slot.objects.standing().filter(
        site_id=site_id,
        programme_id=programme_id,
        closed_at=None,
        starts_at__gte=midnight,
        starts_at__lt=midnight + timedelta(days=1),
    )
    found = rows.order_by("starts_at").values_list("pk", "starts_at", "ends_at")
    return slot_for([Stretch(*row) for row in found], until=until)
