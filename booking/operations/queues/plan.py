"""An administrator sets a queue before a release, lets people in faster while it runs, or does without it."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from booking.models import ReleaseQueue, Slot
from booking.operations.queues.refusals import CannotSetQueue
from booking.operations.refusals import NotFound
from booking.queries.queues import forget_queues


def make_queue(
    *,
    programme_id: int,
    lobby_from: datetime,
    opens_at: datetime,
    ends_at: datetime,
    people_a_minute: int,
    by: int,
    now: datetime,
) -> ReleaseQueue:
    """A queue for the slots of the programme that open from `opens_at` to `ends_at`.

    Raises CannotSetQueue: nothing opens at that moment, it has come, the times are out of order, or there is one.
    """
    if opens_at <= now:
        raise CannotSetQueue(reason="past")
    if not lobby_from < opens_at < ends_at or people_a_minute < 1:
        raise CannotSetQueue(reason="times")
    if not Slot.objects.standing().filter(programme_id=programme_id, opens_at=opens_at, closed_at=None).exists():
        raise CannotSetQueue(reason="no_release")
    try:
        with transaction.atomic():
            queue = ReleaseQueue.objects.create(
                programme_id=programme_id,
                lobby_from=lobby_from,
                opens_at=opens_at,
                ends_at=ends_at,
                people_a_minute=people_a_minute,
                seed=secrets.token_hex(32),
                made_by_id=by,
                made_at=now,
            )
            transaction.on_commit(forget_queues)
    except IntegrityError:
        # one_queue_per_release
        raise CannotSetQueue(reason="taken") from None
    return queue


def let_in_faster(*, queue_id: int, people_a_minute: int, now: datetime) -> ReleaseQueue:
    """So many are let in each minute, counted from the opening. While people wait it may only become faster.

    Whoever was let in stays let in. Raises NotFound, CannotSetQueue.
    """
    with transaction.atomic():
        queue = _standing(queue_id, now=now)
        if people_a_minute < 1 or (now >= queue.lobby_from and people_a_minute < queue.people_a_minute):
            raise CannotSetQueue(reason="slower")
        queue.people_a_minute = people_a_minute
        queue.save(update_fields=["people_a_minute"])
        transaction.on_commit(forget_queues)
    return queue


def cancel_queue(*, queue_id: int, now: datetime) -> ReleaseQueue:
    """Nobody needs a place in it any more; whoever waits is told to book. Raises NotFound, CannotSetQueue."""
    with transaction.atomic():
        queue = _standing(queue_id, now=now)
        queue.cancelled_at = now
        queue.save(update_fields=["cancelled_at"])
        transaction.on_commit(forget_queues)
    return queue


def _standing(queue_id: int, *, now: datetime) -> ReleaseQueue:
    queue = ReleaseQueue.objects.select_for_update(of=("self",)).filter(pk=queue_id).first()
    if queue is None:
        raise NotFound(what="queue")
    if queue.cancelled_at is not None or queue.ends_at < now:
        raise CannotSetQueue(reason="over")
    return queue
