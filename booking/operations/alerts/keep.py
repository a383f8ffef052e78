"""The one way in which alerts begin and end: what the facts call for is open, and nothing else of those kinds."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from booking.models import Alert
from booking.rules.alerts import SEVERITY, Found
from sites.models import Site

# One that is open stays as it began; what was handled and is still so after a while comes back to everybody.
_RAISE = """
INSERT INTO booking_alert AS alert (kind, severity, place, site_id, district_id, number, facts, began_at, note)
SELECT *, %(now)s, '' FROM unnest(%(kinds)s::text[], %(severities)s::text[], %(places)s::text[], %(sites)s::bigint[],
  %(districts)s::text[], %(numbers)s::int[], %(facts)s::jsonb[])
ON CONFLICT (kind, place) WHERE ended_at IS NULL DO UPDATE SET
  number = excluded.number, facts = excluded.facts, severity = excluded.severity,
  claimed_by_id = CASE WHEN alert.handled_at < %(rested)s THEN NULL ELSE alert.claimed_by_id END,
  claimed_at = CASE WHEN alert.handled_at < %(rested)s THEN NULL ELSE alert.claimed_at END,
  handled_by_id = CASE WHEN alert.handled_at < %(rested)s THEN NULL ELSE alert.handled_by_id END,
  handled_at = CASE WHEN alert.handled_at < %(rested)s THEN NULL ELSE alert.handled_at END
"""


def keep_alerts(found: Sequence[Found], *, kinds: Collection[str], now: datetime) -> tuple[int, int]:
    """Have exactly the found alerts open among these kinds; returns how many are open and how many have ended.

    Safe to run twice, and side by side.
    """
    by_place = {(one.kind, one.place): one for one in found}
    # In one order, so that two of these never wait for each other in turn.
    wanted = [by_place[key] for key in sorted(by_place)]
    with transaction.atomic():
        if wanted:
            _raise(wanted, now)
        open_now = Alert.objects.filter(kind__in=kinds, ended_at=None).order_by("kind", "place")
        over = [pk for pk, kind, place in open_now.values_list("pk", "kind", "place") if (kind, place) not in by_place]
        ended = Alert.objects.filter(pk__in=over, ended_at=None).update(ended_at=now) if over else 0
    return len(wanted), ended


def _raise(wanted: Sequence[Found], now: datetime) -> None:
    at = {one.site_id for one in wanted if one.site_id is not None}
    district_of = dict(Site.objects.filter(pk__in=at).values_list("pk", "district_id")) if at else {}
    with connection.cursor() as cursor:
        cursor.execute(
            _RAISE,
            {
                "now": now,
                "rested": now - timedelta(minutes=settings.ALERT_REST_MINUTES),
                "kinds": [one.kind for one in wanted],
                "severities": [SEVERITY[one.kind] for one in wanted],
                "places": [one.place for one in wanted],
                "sites": [one.site_id for one in wanted],
                # A site's alert is its district's too.
                "districts": [one.district or district_of.get(one.site_id or 0) for one in wanted],
                "numbers": [one.number for one in wanted],
                "facts": [json.dumps(dict(one.facts)) for one in wanted],
            },
        )
