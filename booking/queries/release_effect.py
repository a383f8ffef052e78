"""What applying a release rule would do to the slots ahead that have not opened yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from booking.models import ReleaseRule
from booking.queries.release_rules import release_by, sites_ruled_by
from booking.rules.release import Standing, standing
from sites.models import Site
from sites.scope import Scope

# Not opened by any clock, not withdrawn, and nobody was ever in it: what a rule may still change.
UNTOUCHED = """
  s.programme_id = %(programme)s AND s.site_id = ANY(%(sites)s::bigint[]) AND s.starts_at > %(now)s
  AND s.opens_at > greatest(%(now)s, clock_timestamp()) AND s.withdrawn_at IS NULL
  AND NOT EXISTS (SELECT FROM booking_appointment a WHERE a.slot_id = s.id)
"""

_GROUPS = f"""
SELECT s.site_id, (s.starts_at AT TIME ZONE %(zone)s)::date, s.opens_at, s.quota, s.kept_later, s.next_portion_at,
       count(*)
FROM booking_slot s WHERE {UNTOUCHED}
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2, 1
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Slots of a site and day that stand alike, how they would stand by the rule, and how many they are."""

    site_id: int
    day: date
    before: Standing
    after: Standing
    slots: int


@dataclass(slots=True)
class DayEffect:
    """What would change on one day: from when and until when its slots open, and how many places come when."""

    day: date
    opens_before: set[datetime] = field(default_factory=set)
    opens_at: datetime | None = None
    sites: set[int] = field(default_factory=set)
    slots: int = 0
    places_first: int = 0
    places_later: int = 0


@dataclass(slots=True)
class Effect:
    """All of it. `at_once` of the changed slots would be bookable as soon as the rule is applied."""

    sites: list[Site]
    days: list[DayEffect] = field(default_factory=list)
    changed: int = 0
    unchanged: int = 0
    at_once: int = 0


def effect_of(rule: ReleaseRule, scope: Scope, *, now: datetime) -> Effect:
    """What applying the rule now would change at the sites of the scope, by day."""
    effect = Effect([site for site in sites_ruled_by(rule) if scope.has_site(site)])
    days: dict[date, DayEffect] = {}
    for group in groups(rule, [site.pk for site in effect.sites], now=now):
        if group.before == group.after:
            effect.unchanged += group.slots
            continue
        effect.changed += group.slots
        effect.at_once += group.slots if group.after.opens_at <= now else 0
        day = days.setdefault(group.day, DayEffect(group.day))
        day.opens_before.add(timezone.localtime(group.before.opens_at))
        day.opens_at = timezone.localtime(group.after.opens_at)
        day.sites.add(group.site_id)
        day.slots += group.slots
        day.places_first += group.slots * group.after.quota
        day.places_later += group.slots * group.after.kept_later
    effect.days = list(days.values())
    return effect


def groups(rule: ReleaseRule, site_ids: Sequence[int], *, now: datetime) -> list[Group]:
    """The slots of these sites that the rule may change, in groups that stand alike, by day."""
    release, zone = release_by(rule), timezone.get_default_timezone()
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, about(rule, site_ids, now=now))
        rows = cursor.fetchall()
    found = []
    for site_id, day, opens_at, quota, kept_later, next_at, count in rows:
        before = Standing(opens_at, quota, kept_later, next_at)
        new_at = release.opens_at(day, zone)
        after = standing(quota + kept_later, release.portions, opens_at=new_at, now=now)
        found.append(Group(site_id, day, before, after, count))
    return found


def about(rule: ReleaseRule, site_ids: Sequence[int], *, now: datetime) -> dict[str, Any]:
    """What UNTOUCHED and the statements around it ask for."""
    return {"programme": rule.programme_id, "sites": list(site_ids), "now": now, "zone": settings.TIME_ZONE}
