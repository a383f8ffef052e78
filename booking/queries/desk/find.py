"""A person's appointments of these weeks, anywhere in the city, for a desk that has looked the person up."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from booking.models import Appointment
from booking.queries.availability import day_bounds
from booking.queries.desk.rows import rows_at
from booking.queries.moments import moment

DAYS_AROUND = 14


def appointments_of_person(person: UUID, *, site_id: int, day: date) -> list[dict[str, Any]]:
    """By time. The site's own with their row; of others where, when, and how they stand, and nothing more."""
    start, end = day_bounds(day - timedelta(days=DAYS_AROUND), day + timedelta(days=DAYS_AROUND))
    found = list(
        Appointment.objects.filter(person=person, slot__starts_at__gte=start, slot__starts_at__lt=end)
        .select_related("slot__site")
        .order_by("slot__starts_at", "pk")
    )
    own = rows_at(site_id, [row.reference for row in found])
    return [_shown(row, own.get(row.reference)) for row in found]


def _shown(row: Appointment, own: dict[str, Any] | None) -> dict[str, Any]:
    site = row.slot.site
    return {
        "site_name": site.name,
        "site_name_en": site.name_en,
        "starts_at": moment(row.slot.starts_at),
        "status": row.status.lower(),
        "row": own,
    }
