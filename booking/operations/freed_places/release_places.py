"""Numbers whose time has come: the undo is over, nobody has answered, or the delay has passed."""

from datetime import datetime

from django.db import connection, transaction

from booking.models import Appointment, Offer, OfferState
from booking.operations.freed_places.locked import lock_due, share_slots
from booking.operations.freed_places.pass_on import pass_on

# Slots that are dealt with in one transaction.
_SLOTS = 50

_DUE = """
SELECT slot_id FROM booking_appointment
WHERE status = 'CANCELLED' AND place IS NOT NULL AND release_at <= %s AND NOT slot_id = ANY(%s)
GROUP BY slot_id ORDER BY min(release_at) LIMIT %s
"""


def release_places(*, now: datetime) -> int:
    """Pass on every number that is due; returns how many were. Safe to run twice and side by side."""
    done, total = set[int](), 0
    while slot_ids := _due_slots(now, done):
        total += _release(slot_ids, now=now)
        # What is left of these is somebody else's at the moment.
        done.update(slot_ids)
    return total


def _due_slots(now: datetime, done: set[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [now, list(done), _SLOTS])
        return [row[0] for row in cursor.fetchall()]


def _release(slot_ids: list[int], *, now: datetime) -> int:
    with transaction.atomic():
        share_slots(slot_ids)
        rows = lock_due(slot_ids, now=now)
        _expire([row for row in rows if row.kept_for_id is not None])
        delayed = {row.pk for row in rows if row.kept_for_id is None and row.restorable_until is None}
        pass_on(rows, now=now, delayed=delayed)
    return len(rows)


def _expire(rows: list[Appointment]) -> None:
    """Nobody has answered: the offers end, and their people keep their turn."""
    offers = Offer.objects.filter(pk__in={row.kept_for_id for row in rows}, state=OfferState.PENDING)
    keys = list(offers.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Offer.objects.filter(pk__in=keys).update(state=OfferState.EXPIRED)
