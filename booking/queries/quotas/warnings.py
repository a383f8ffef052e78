"""What looks wrong about a change of many slots, before anybody carries it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from typing import Any

from django.db import connection
from django.utils import timezone

from booking.queries.availability import day_bounds
from booking.rules.asked_change import Asked
from booking.rules.quota_change import Outcome

# Compared with the four weeks before: more than so many times as many places a day looks like a slip of the finger.
USUAL = timedelta(weeks=4)
TOO_MANY = 3

_USUAL = """
SELECT site_id, sum(quota + kept_walk_in + kept_community + kept_doses + kept_later)::float
       / count(DISTINCT (starts_at AT TIME ZONE %s)::date)
FROM booking_slot
WHERE site_id = ANY(%s) AND starts_at >= %s AND starts_at < %s AND withdrawn_at IS NULL AND closed_at IS NULL
  AND (%s::bigint IS NULL OR programme_id = %s)
GROUP BY site_id
"""


@dataclass(slots=True)
class Daily:
    """The places that a site would have, and on how many days."""

    places: int = 0
    days: set[date] = field(default_factory=set)

    def add(self, one: Outcome, zone: tzinfo) -> None:
        """Count what stands of this slot afterwards."""
        after = one.after
        if after is None or after.closed_at is not None:
            return
        self.places += after.places + after.walk_in + after.community + after.doses
        self.days.add(one.starts_at.astimezone(zone).date())

    def a_day(self) -> float:
        """Places on an average day."""
        return self.places / len(self.days) if self.days else 0.0


def usual_places(site_ids: Sequence[int], asked: Asked) -> dict[int, float]:
    """Places on an average day of each site in the four weeks before, for those that had any."""
    first = min(asked.days)
    start, end = day_bounds(first - USUAL, first - timedelta(days=1))
    zone = str(timezone.get_default_timezone())
    with connection.cursor() as cursor:
        cursor.execute(_USUAL, [zone, list(site_ids), start, end, asked.programme_id, asked.programme_id])
        return dict(cursor.fetchall())


def warnings(
    *, counts: Mapping[str, int], daily: Mapping[int, Daily], usual: Mapping[int, float], inactive: int
) -> list[dict[str, Any]]:
    """Each warning by its name, with its numbers; the door has the words."""
    found: list[dict[str, Any]] = []
    times = {pk: daily[pk].a_day() / before for pk, before in usual.items() if before and pk in daily}
    high = [factor for factor in times.values() if factor > TOO_MANY]
    if high:
        found.append({"what": "many", "times": round(max(high)), "sites": len(high)})
    if counts.get("past"):
        found.append({"what": "past", "slots": counts["past"]})
    if inactive:
        found.append({"what": "inactive", "sites": inactive})
    if counts.get("beside"):
        found.append({"what": "beside", "slots": counts["beside"]})
    return found
