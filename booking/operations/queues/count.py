"""How many people stand in a queue, written into the ledger; after the opening once and for all."""

import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import connection

from booking import admission
from booking.admission import GateDown
from booking.models import ReleaseQueue
from booking.queries.queues import QueueFacts, forget_queues, live_queue

# The count never falls: a gate that was emptied knows only of those who came since. What was counted after the
# opening, by the ledger's clock, stays.
_WRITE = """
UPDATE booking_releasequeue
SET early = CASE WHEN counted_at >= opens_at THEN early ELSE greatest(early, %(early)s) END,
    behind = greatest(behind, %(behind)s),
    counted_at = least(clock_timestamp(), %(now)s)
WHERE id = %(queue)s AND (counted_at IS NULL OR counted_at < %(now)s)
"""

_counting = threading.Lock()
# When this process last tried to count a queue that has opened: clocks may differ by a moment.
_tried: dict[int, float] = {}
_TRY_AGAIN = 0.2


def counted(queue: QueueFacts, *, now: datetime) -> QueueFacts:
    """The queue with its final number of early people. Whoever asks first after the opening has it counted.

    It stays uncounted while the ledger's clock says that the opening is still to come.
    """
    if queue.is_counted or now < queue.opens_at:
        return queue
    with _counting:
        known = live_queue(queue.queue_id) or queue
        if known.is_counted or time.monotonic() < _tried.get(queue.queue_id, 0) + _TRY_AGAIN:
            return known
        _tried[queue.queue_id] = time.monotonic()
        count_queue(queue.queue_id, now=now)
        forget_queues()
    return live_queue(queue.queue_id) or queue


def count_queue(queue_id: int, *, now: datetime) -> None:
    """Write what the gate knows into the ledger; without the gate, what was counted last is final."""
    early = behind = 0
    with suppress(GateDown):
        early, behind = admission.count_queue(queue_id)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {"queue": queue_id, "early": early, "behind": behind, "now": now})


def count_queues(*, now: datetime) -> int:
    """Count those that people stand in now; returns how many. Safe to run twice."""
    running = ReleaseQueue.objects.filter(
        cancelled_at=None, lobby_from__lte=now, ends_at__gte=now - timedelta(minutes=2)
    ).values_list("pk", flat=True)
    for queue_id in running:
        count_queue(queue_id, now=now)
    return len(running)
