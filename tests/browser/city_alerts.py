"""What the steward prepares for the city screen. Imported by tests.browser.steward, once Django is there."""

from typing import Any

from django.utils import timezone

from booking.models import Alert
from tests.browser.offices import new_site

_count = iter(range(1, 1000))


def city_alert(severity: str) -> dict[str, Any]:
    """An alert at a site of its own, of a kind that no job ends."""
    place = new_site(f"报警接种点 {next(_count)}")
    made = Alert.objects.create(
        kind="journey", severity=severity, place=f"site {place['pk']}", site_id=place["pk"],
        district_id=place["district"], number=52, began_at=timezone.now(), facts={"waiting": 4},
    )  # fmt: skip
    return {**place, "pk": made.pk}


ACTS = (city_alert,)
