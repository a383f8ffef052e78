"""How each site stands at this moment: who is due, who waits, which devices answer."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from booking.models import DeskDevice, Reaction
from booking.queries.availability import day_bounds
from booking.rules.alerts import WAITING_TOGETHER, SiteNow

_JUDGED = timedelta(hours=2)
# A device that was not seen for longer was put away.
_IN_USE = timedelta(hours=2)
# No slot is longer, so that those that are over need not be looked for further back.
_LONGEST_SLOT = timedelta(hours=1)

# As figures are counted: slots by programme and start, appointments slot by slot.
_SLOTS = """
SELECT slot.site_id,
  coalesce(sum(booked) FILTER (WHERE slot.starts_at > %(may_come)s), 0),
  coalesce(sum(no_show) FILTER (WHERE slot.ends_at > %(since)s AND slot.ends_at <= %(until)s), 0),
  coalesce(sum(no_show + came) FILTER (WHERE slot.ends_at > %(since)s AND slot.ends_at <= %(until)s), 0),
  bool_or(slot.ends_at > %(now)s)
FROM booking_programme programme
JOIN booking_slot slot ON slot.programme_id = programme.id
  AND slot.starts_at > %(earliest)s AND slot.starts_at <= %(now)s AND slot.withdrawn_at IS NULL
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE status = 'BOOKED') AS booked,
    count(*) FILTER (WHERE status = 'NO_SHOW') AS no_show,
    count(*) FILTER (WHERE status IN ('CHECKED_IN', 'FULFILLED')) AS came
  FROM booking_appointment WHERE slot_id = slot.id
) counted
GROUP BY slot.site_id
"""

_VISITS = """
SELECT site.id, visits.came, visits.waiting, visits.since
FROM sites_site site
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE arrived_at > %(lately)s AND status <> 'CANCELLED') AS came,
    count(*) FILTER (WHERE status IN ('ARRIVED', 'TRIAGED')) AS waiting,
    (array_agg(arrived_at ORDER BY arrived_at) FILTER (WHERE status IN ('ARRIVED', 'TRIAGED')))[%(together)s] AS since
  FROM booking_visit WHERE site_id = site.id AND day = %(day)s
) visits
WHERE visits.came > 0 OR visits.waiting > 0
"""


def sites_now(*, now: datetime) -> list[SiteNow]:
    """Every site at which anything goes on. Four statements, for a job."""
    found, running = _from_slots(now)
    for site in waiting_now(now=now):
        there = found.get(site.site_id, SiteNow(site.site_id))
        found[site.site_id] = replace(
            there, checked_in=site.checked_in, waiting=site.waiting, waited_minutes=site.waited_minutes
        )
    for site_id, (devices, offline) in _devices(now).items():
        # Outside opening hours devices are switched off.
        if site_id in running:
            found[site_id] = replace(found[site_id], devices=devices, offline=offline)
    for site_id, reactions in _reactions(now).items():
        found[site_id] = replace(found.get(site_id, SiteNow(site_id)), reactions=reactions)
    return list(found.values())


def waiting_now(*, now: datetime) -> list[SiteNow]:
    """Who waits at each site, and how many have come lately. One statement."""
    facts: dict[str, Any] = {
        "lately": now - timedelta(minutes=settings.ALERTS["no_check_in_minutes"]),
        "day": timezone.localdate(now),
        "together": WAITING_TOGETHER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_VISITS, facts)
        return [
            SiteNow(site_id, checked_in=came, waiting=waiting, waited_minutes=_minutes(since, now))
            for site_id, came, waiting, since in cursor.fetchall()
        ]


def _minutes(since: datetime | None, now: datetime) -> int:
    return 0 if since is None else max(int((now - since).total_seconds() // 60), 0)


def _from_slots(now: datetime) -> tuple[dict[int, SiteNow], set[int]]:
    """By site, and which of them have a slot at this moment."""
    until = now - timedelta(minutes=settings.NO_SHOW_MINUTES)
    may_come = now - timedelta(minutes=settings.CHECK_IN_MINUTES)
    facts = {
        "now": now,
        "may_come": may_come,
        "until": until,
        "since": until - _JUDGED,
        "earliest": min(until - _JUDGED - _LONGEST_SLOT, may_come),
    }
    found: dict[int, SiteNow] = {}
    running: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(_SLOTS, facts)
        for site_id, due, missed, expected, is_open in cursor.fetchall():
            found[site_id] = SiteNow(site_id, due=int(due), missed=int(missed), expected=int(expected))
            if is_open:
                running.add(site_id)
    return found, running


def _devices(now: datetime) -> dict[int, tuple[int, int]]:
    silent_since = now - timedelta(minutes=settings.ALERTS["offline_minutes"])
    devices: Counter[int] = Counter()
    offline: Counter[int] = Counter()
    rows = DeskDevice.objects.filter(seen_at__gt=now - _IN_USE)
    for site_id, seen_at in rows.values_list("site_id", "seen_at"):
        devices[site_id] += 1
        offline[site_id] += seen_at < silent_since
    return {site_id: (count, offline[site_id]) for site_id, count in devices.items()}


def _reactions(now: datetime) -> dict[int, int]:
    day = timezone.localdate(now)
    start, end = day_bounds(day, day)
    rows = Reaction.objects.filter(at__gte=start, at__lt=end, visit__day=day)
    return dict(Counter(rows.values_list("visit__site_id", flat=True)))
