"""The slots of sites as a change of many finds them, a few hundred sites in a handful of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from booking.models import ClosedDay, Programme
from booking.queries.availability import day_bounds
from booking.queries.kept_doses import kept_by_programme
from booking.queries.release_rules import releases_of
from booking.rules.asked_change import Asked, Decider, SiteNow
from booking.rules.quota_change import Found, State
from booking.rules.release import Release

_FOUND = """
SELECT site_id, id, programme_id, starts_at, ends_at, opens_at, quota, kept_walk_in, kept_community, kept_later,
       next_portion_at, closed_at, edited_at, withdrawn_at, kept_doses
FROM booking_slot
WHERE site_id = ANY(%s) AND starts_at >= %s AND starts_at < %s AND (%s::bigint IS NULL OR programme_id = %s)
ORDER BY id
"""

# A release by portions is the city's clockwork, nobody's decision.
_TOUCHED = """
SELECT DISTINCT ON (e.slot_id) e.slot_id, s.site_id, e.by_id, e.at, s.starts_at
FROM booking_slotevent e JOIN booking_slot s ON s.id = e.slot_id
WHERE e.id > %(seen)s AND e.change_id IS DISTINCT FROM %(change)s AND e.kind <> 'PORTION'
  AND s.site_id = ANY(%(sites)s) AND s.starts_at >= %(start)s AND s.starts_at < %(end)s
  AND (%(programme)s::bigint IS NULL OR s.programme_id = %(programme)s)
ORDER BY e.slot_id, e.id DESC
"""

Releases = Mapping[int, Mapping[int, Release]]


def standard_release() -> Release:
    """How slots are released where no rule says it."""
    return Release(time(8), settings.RELEASE_DAYS)


def decider(asked: Asked, *, now: datetime) -> Decider:
    """Who says what becomes of each slot, in the city's time."""
    return Decider(
        asked,
        zone=timezone.get_default_timezone(),
        standard=standard_release(),
        kept=kept_by_programme() if asked.kind in ("plan", "copy") else {},
        now=now,
    )


def releases_for(asked: Asked, site_ids: Sequence[int]) -> Releases:
    """By programme and site, the release rules that the change needs."""
    programmes = [asked.programme_id] if asked.programme_id else list(Programme.objects.values_list("pk", flat=True))
    return {pk: releases_of(programme_id=pk, site_ids=site_ids) for pk in programmes}


def span(asked: Asked) -> tuple[datetime, datetime]:
    """The stretch of time in which the change may touch slots."""
    return day_bounds(min(asked.days), max(asked.days))


def found_slots(site_ids: Sequence[int], asked: Asked, *, lock: bool = False) -> dict[int, list[Found]]:
    """Each site's slots in that stretch, withdrawn ones included; `lock` them in the order of their keys."""
    # Bookings lock slots in the same order, so that neither waits for the other in a circle.
    return _read(site_ids, *span(asked), asked.programme_id, "FOR NO KEY UPDATE" if lock else "")


def _read(
    site_ids: Sequence[int], start: datetime, end: datetime, programme_id: int | None, ending: str
) -> dict[int, list[Found]]:
    found: dict[int, list[Found]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_FOUND + ending, [list(site_ids), start, end, programme_id, programme_id])
        for row in cursor.fetchall():
            found[row[0]].append(Found(row[1], row[2], row[3], row[4], State(*row[5:])))
    return found


def source_slots(site_ids: Sequence[int], asked: Asked) -> dict[int, list[Found]]:
    """Each site's slots of the week that is copied; nothing for other changes."""
    if asked.source is None:
        return {}
    start, end = day_bounds(asked.source, asked.source + timedelta(days=6))
    return _read(site_ids, start, end, asked.programme_id, "")


def closed_days(site_ids: Sequence[int], asked: Asked) -> dict[int, set[date]]:
    """The days on which each site takes nobody."""
    found: dict[int, set[date]] = defaultdict(set)
    rows = ClosedDay.objects.filter(site__in=site_ids, day__range=(min(asked.days), max(asked.days)))
    for site_id, day in rows.values_list("site_id", "day"):
        found[site_id].add(day)
    return found


def touched_since(site_ids: Sequence[int], asked: Asked, *, seen: int, change_id: UUID | None) -> list[dict[str, Any]]:
    """The slots that somebody changed after the event `seen`, other than by this change, and who did it last."""
    start, end = span(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            _TOUCHED,
            {
                "seen": seen, "change": change_id, "sites": list(site_ids), "start": start, "end": end,
                "programme": asked.programme_id,
            },
        )  # fmt: skip
        names = ("slot", "site", "by", "at", "starts_at")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def site_now(
    site_id: int,
    per_half_hour: int,
    releases: Releases,
    found: Mapping[int, Sequence[Found]],
    source: Mapping[int, Sequence[Found]],
    closed: Mapping[int, Collection[date]],
    touched: Collection[int],
) -> SiteNow:
    """What a Decider needs of one site, out of what was read for many."""
    of_site = {programme: rules[site_id] for programme, rules in releases.items() if site_id in rules}
    return SiteNow(
        per_half_hour, of_site, found.get(site_id, ()), closed.get(site_id, ()), touched, source.get(site_id, ())
    )
