"""Numbers whose time has come: the undo is over, nobody has answered, or the delay has passed."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from booking import enqueue
from booking.models import Appointment, Offer, OfferState
from booking.operations.freed_places.locked import lock_due, share_slots
from booking.operations.freed_places.pass_on import pass_on

# What is dealt with in one transaction: each reads the line anew, so many slots at once; and so few numbers that
# nobody waits long for the locks.
_SLOTS, _NUMBERS = 200, 400

_DUE = """
SELECT slot_id, count(*) FROM booking_appointment
WHERE status = 'CANCELLED' AND place IS NOT NULL AND release_at <= %s AND NOT slot_id = ANY(%s)
GROUP BY slot_id ORDER BY min(release_at) LIMIT %s
"""


def release_places(*, now: datetime) -> int:
    """Pass on every number that is due; returns how many were. Safe to run twice and side by side."""
    done, total = set[int](), 0
    while slot_ids := _due_slots(now, done):
        total += _release(slot_ids, now=now)
        done.update(slot_ids)
    if _due_slots(now, set()):
        # Somebody had them locked: an answer that came too late, or another worker. Nobody waits a minute for that.
        enqueue.release_places(at=now + timedelta(seconds=1))
    return total


def _due_slots(now: datetime, done: set[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [now, list(done), _SLOTS])
        found, numbers = list[int](), 0
        for slot_id, count in cursor.fetchall():
            if found and numbers + count > _NUMBERS:
                break
            found.append(slot_id)
            numbers += count
        return found


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
