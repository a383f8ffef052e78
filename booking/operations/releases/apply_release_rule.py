"""A release rule is carried over to the slots ahead that have not opened yet."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from booking import admission
from booking.admission import GateDown
from booking.models import ReleaseRule, SlotEventKind
from booking.operations.refusals import NotFound
from booking.queries.availability import forget_site
from booking.queries.drift import epoch_ms
from booking.queries.release_effect import UNTOUCHED, about, groups
from booking.queries.release_rules import sites_ruled_by
from booking.queries.releases import forget_releases

# Sites in one transaction.
_AT_ONCE = 20

# One row for each day and number of places; slots of which somebody changed the places meanwhile find none, and stay.
_CHANGE = f"""
WITH wanted AS (
  SELECT * FROM unnest(%(days)s::date[], %(places)s::int[], %(opens)s::timestamptz[], %(quotas)s::int[],
                       %(kept)s::int[], %(next)s::timestamptz[]) AS w(day, places, opens_at, quota, kept, next_at)
), touched AS (
  SELECT s.id, w.opens_at, w.quota, w.kept, w.next_at, s.opens_at AS opened, s.quota AS had
  FROM booking_slot s
  JOIN wanted w ON w.day = (s.starts_at AT TIME ZONE %(zone)s)::date AND w.places = s.quota + s.kept_later
  WHERE {UNTOUCHED}
    AND (s.opens_at, s.quota, s.kept_later, s.next_portion_at)
        IS DISTINCT FROM (w.opens_at, w.quota, w.kept, w.next_at)
  ORDER BY s.id FOR NO KEY UPDATE OF s
), changed AS (
  UPDATE booking_slot s
  SET opens_at = t.opens_at, quota = t.quota, kept_later = t.kept, next_portion_at = t.next_at
  FROM touched t WHERE s.id = t.id
  RETURNING s.id, s.site_id, s.opens_at, s.quota, t.opened, t.had, t.kept
), noted AS (
  INSERT INTO booking_slotevent (slot_id, kind, at, by_id, facts)
  SELECT id, %(kind)s, %(now)s, %(by)s, jsonb_build_object(
    'rule', %(rule)s::bigint, 'from', opened, 'to', opens_at, 'quota_from', had, 'quota', quota, 'kept_later', kept)
  FROM changed
)
SELECT id, site_id, quota, opens_at FROM changed
"""


@dataclass(slots=True)
class Applied:
    """How many slots were changed, and at how many sites the time was too short: call again for those."""

    slots: int = 0
    sites_left: int = 0


def apply_release_rule(*, rule_id: int, by: int | None, now: datetime, seconds: float = 15) -> Applied:
    """Set release time and portions of the slots the rule counts for; those that opened or were ever booked stay.

    Goes from site to site for so many seconds; a second time changes nothing. The gate knows each site's new times as
    soon as they are committed. Raises NotFound.
    """
    rule = ReleaseRule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise NotFound(what="rule")
    sites = [site.pk for site in sites_ruled_by(rule)]
    deadline, done = time.monotonic() + seconds, Applied()
    for start in range(0, len(sites), _AT_ONCE):
        if time.monotonic() > deadline:
            done.sites_left = len(sites) - start
            break
        done.slots += _apply(rule, sites[start : start + _AT_ONCE], by=by, now=now)
    if done.slots:
        forget_releases()
    return done


def _apply(rule: ReleaseRule, site_ids: Sequence[int], *, by: int | None, now: datetime) -> int:
    wanted = {
        (group.day, group.after.quota + group.after.kept_later): group.after
        for group in groups(rule, site_ids, now=now)
        if group.before != group.after
    }
    if not wanted:
        return 0
    after = list(wanted.values())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _CHANGE,
            {
                **about(rule, site_ids, now=now),
                "days": [day for day, _ in wanted],
                "places": [places for _, places in wanted],
                "opens": [one.opens_at for one in after],
                "quotas": [one.quota for one in after],
                "kept": [one.kept_later for one in after],
                "next": [one.next_portion_at for one in after],
                "kind": SlotEventKind.RELEASE_SET,
                "by": by,
                "rule": rule.pk,
            },
        )
        changed = cursor.fetchall()
        transaction.on_commit(lambda: tell(changed))
    return len(changed)


def tell(changed: Sequence[tuple[int, int, int, datetime]]) -> None:
    """(slot, site, quota, opens_at): have the gate and the kept lists know what the ledger has committed."""
    for site_id in {row[1] for row in changed}:
        forget_site(site_id)
    # Without the gate reconcile pushes what the ledger says.
    with suppress(GateDown):
        admission.set_releases([(slot_id, quota, epoch_ms(at)) for slot_id, _site, quota, at in changed])
