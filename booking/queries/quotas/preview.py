"""What a change of many slots would do, in numbers, before anybody does it."""

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from booking.queries.quotas.losers import losers, short_slots
from booking.queries.quotas.site_slots import (
    closed_days,
    decider,
    found_slots,
    releases_for,
    site_now,
    source_slots,
)
from booking.queries.quotas.warnings import Daily, usual_places, warnings
from booking.queries.taken import taken_in
from booking.rules.asked_change import read_asked
from booking.rules.quota_change import CREATE, DONE, Outcome, lowered, settled
from sites.models import Site

# Sites that are read together; sites that the page lists; rows that it names one by one.
_BATCH = 40
MOST_SITES = 50
MOST_NAMED = 50


@dataclass(slots=True)
class _Sum:
    counts: Counter[str] = field(default_factory=Counter)
    by_day: Counter[date] = field(default_factory=Counter)
    rows: list[dict[str, Any]] = field(default_factory=list)
    below: list[dict[str, Any]] = field(default_factory=list)
    short: dict[int, int] = field(default_factory=dict)
    daily: dict[int, Daily] = field(default_factory=lambda: defaultdict(Daily))


def preview_of(*, kind: str, site_ids: Sequence[int], params: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The numbers of the preview, ready to be stored with the change."""
    asked = read_asked(kind, params)
    decide = decider(asked, now=now)
    releases, total = releases_for(asked, site_ids), _Sum()
    sites = list(Site.objects.filter(pk__in=site_ids).order_by("code"))
    for start in range(0, len(sites), _BATCH):
        batch = sites[start : start + _BATCH]
        ids = [site.pk for site in batch]
        found, source, closed = found_slots(ids, asked), source_slots(ids, asked), closed_days(ids, asked)
        read = {
            site.pk: site_now(site.pk, site.quota_per_half_hour, releases, found, source, closed, ()) for site in batch
        }
        first = {pk: decide.outcomes(one) for pk, one in read.items()}
        taken = taken_in([one.slot_id for rows in first.values() for one in rows if lowered(one) and one.slot_id])
        for site in batch:
            _add(total, site, kind, settled(first[site.pk], taken), taken)
            if kind in ("plan", "copy"):
                total.counts["beside"] += decide.beside(read[site.pk])
        # Whoever shares this process goes first: looking may take seconds.
        time.sleep(0)
    touched = losers(total.short)
    return {
        "counts": dict(total.counts),
        "days": [[day.isoformat(), total.by_day[day]] for day in sorted(total.by_day)],
        "sites": total.rows[:MOST_SITES],
        "more_sites": max(len(total.rows) - MOST_SITES, 0),
        "below": total.below,
        "appointments": {"count": len(touched), "first": [pk for pk, _slot in touched[:MOST_NAMED]]},
        "warnings": warnings(
            counts=total.counts,
            daily=total.daily,
            usual=usual_places(site_ids, asked) if kind in ("plan", "copy", "set") else {},
            inactive=sum(not site.is_active for site in sites),
        ),
    }


def _add(total: _Sum, site: Site, kind: str, outcomes: list[Outcome], taken: Mapping[int, int]) -> None:
    days: Counter[date] = Counter()
    own: Counter[str] = Counter()
    zone = timezone.get_default_timezone()
    for one in outcomes:
        own[one.what] += 1
        if one.what in DONE:
            days[one.starts_at.astimezone(zone).date()] += 1
        if one.what == CREATE and one.after is not None:
            own["places"] += one.after.places
            if one.after.doses:
                own["kept_doses"] += one.after.doses
            own["made_closed"] += one.after.closed_at is not None
        if one.short:
            own["below"] += 1
            if len(total.below) < MOST_NAMED:
                total.below.append(_below(site, one, taken))
        total.daily[site.pk].add(one, zone)
    total.counts.update(own)
    total.by_day.update(days)
    total.short.update(short_slots(kind, outcomes))
    shown = {day.isoformat(): count for day, count in sorted(days.items())}
    total.rows.append({"site": site.pk, "done": sum(days.values()), "places": own["places"], "days": shown})


def _below(site: Site, one: Outcome, taken: Mapping[int, int]) -> dict[str, Any]:
    held = taken.get(one.slot_id or 0, 0)
    return {
        "slot": one.slot_id, "site": site.pk, "starts_at": one.starts_at.isoformat(), "taken": held,
        "wanted": held - one.short,
    }  # fmt: skip
