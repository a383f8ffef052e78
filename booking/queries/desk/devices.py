"""The devices of a site's desks."""

from datetime import datetime, timedelta
from typing import Any

from booking.models import DeskDevice
from booking.queries.moments import moment

_SEEN_WITHIN = timedelta(days=14)


def devices_of(*, site_id: int, now: datetime) -> list[dict[str, Any]]:
    """Those that were seen these two weeks, last seen first."""
    rows = DeskDevice.objects.filter(site_id=site_id, seen_at__gte=now - _SEEN_WITHIN).select_related("user")
    return [
        {
            "id": str(row.pk),
            "desk": row.desk,
            "user": row.user.known_as(),
            "seen_at": moment(row.seen_at),
            "pending": row.pending,
            "last_sequence": row.last_sequence,
            "clock_ahead_ms": row.clock_ahead_ms,
        }
        for row in rows.order_by("-seen_at")
    ]
