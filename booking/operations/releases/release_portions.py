"""Places that were kept for a later portion of the release become bookable."""

import time
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from booking.models import Slot, SlotEvent, SlotEventKind
from booking.operations.releases.apply_release_rule import tell
from booking.queries.release_rules import ReleaseRules
from booking.queries.releases import forget_releases
from booking.rules.clocks import moment
from booking.rules.release import Standing, after_portion

_BATCH = 500
# A slot that somebody is just booking is passed over; a booking takes milliseconds.
_PAUSE = 0.1

_UPDATE = """
UPDATE booking_slot s SET quota = w.quota, kept_later = w.kept, next_portion_at = w.next_at
FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::timestamptz[]) AS w(id, quota, kept, next_at)
WHERE s.id = w.id
"""


def release_portions(*, now: datetime, seconds: float = 20) -> int:
    """Put out the portions that are due; returns in how many slots. Safe to run twice, and beside another.

    What became due while nobody ran this comes at once. Where no rule counts any more everything that is left comes.
    """
    now, deadline, done = _by_the_ledger(now), time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        count = _release_some(now=now)
        done += count
        if not count:
            if not _due(now).exists():
                break
            time.sleep(_PAUSE)
    if done:
        forget_releases()
    return done


def _by_the_ledger(now: datetime) -> datetime:
    # The clock of the machine that runs the jobs may be wrong.
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return moment(now=now, ledger=cursor.fetchone()[0])


def _due(now: datetime) -> QuerySet[Slot]:
    return Slot.objects.standing().filter(next_portion_at__lte=now)


def _release_some(*, now: datetime) -> int:
    with transaction.atomic():
        slots = list(
            _due(now)
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .select_related("site")
            .order_by("pk")[:_BATCH]
        )
        if not slots:
            return 0
        rules = ReleaseRules({slot.programme_id for slot in slots})
        standings = [_after(slot, rules, now=now) for slot in slots]
        _write(slots, standings, now=now)
        changed = [
            (slot.pk, slot.site_id, one.quota, slot.opens_at) for slot, one in zip(slots, standings, strict=True)
        ]
        transaction.on_commit(lambda: tell(changed))
    return len(slots)


def _after(slot: Slot, rules: ReleaseRules, *, now: datetime) -> Standing:
    portions = rules.portions_of(programme_id=slot.programme_id, site_id=slot.site_id, district=slot.site.district_id)
    return after_portion(slot.quota, slot.kept_later, portions, opens_at=slot.opens_at, now=now)


def _write(slots: Sequence[Slot], standings: Sequence[Standing], *, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            [
                [slot.pk for slot in slots],
                [one.quota for one in standings],
                [one.kept_later for one in standings],
                [one.next_portion_at for one in standings],
            ],
        )
    SlotEvent.objects.bulk_create(
        SlotEvent(
            slot=slot,
            kind=SlotEventKind.PORTION,
            at=now,
            facts={"from": slot.quota, "to": one.quota, "kept_later": one.kept_later},
        )
        for slot, one in zip(slots, standings, strict=True)
        if one.quota != slot.quota
    )
