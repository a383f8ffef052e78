"""What is in the way of closing a site's day."""

from datetime import date

from django.db.models import Sum

from booking.models import PRESENT, DeskDevice, Visit
from booking.queries.availability import day_bounds
from booking.queries.desk.conflicts import open_conflict_count
from sites.models import Site


def open_ends(site: Site, *, day: date) -> dict[str, int]:
    """`present`: people who have not left; `conflicts`: acts that nobody has looked at, of any day; `pending`: acts
    that devices seen that day said they still have to send."""
    start, end = day_bounds(day, day)
    devices = DeskDevice.objects.filter(site=site, seen_at__gte=start, seen_at__lt=end)
    return {
        "present": Visit.objects.filter(site=site, day=day, status__in=PRESENT).count(),
        "conflicts": open_conflict_count(site),
        "pending": devices.aggregate(sum=Sum("pending"))["sum"] or 0,
    }
