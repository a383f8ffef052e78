"""Somebody takes a place in the queue of a release, for themselves or for their family: each person their own."""

import threading
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from accounts.models import Patient
from booking import admission
from booking.admission import GateDown
from booking.models.sessions import let_go
from booking.operations.counted import counted
from booking.operations.plan_together import MOST_PEOPLE
from booking.operations.queues.places import QueuePlace, place_of
from booking.operations.queues.refusals import QueueNotOpen
from booking.operations.refusals import Busy, NotFound
from booking.operations.releases.proof import press, refuse_without_proof
from booking.operations.touts.locked import refuse_if_locked
from booking.queries.queues import QueueFacts, live_queue, queue_facts
from booking.rules.queue import Standing, fraction_of

# How long the gate remembers who came, after the queue has ended.
_KEEP_SECONDS = 3600


@counted("join_queue")
def join_queue(
    *, account_id: int, patient_ids: Sequence[UUID], queue_id: int, now: datetime, proof: str = ""
) -> tuple[QueuePlace, ...]:
    """A place for each of these patients of the account; the same one, whoever joins for the same person again.

    Before the opening it makes no difference when somebody joins, and the gate is not needed: it only counts. `proof`
    is wanted while many join at once. Raises NotFound, QueueNotOpen, ProofNeeded, BookingLocked; Busy where after the
    opening the gate is away and too many ask.
    """
    if not 1 <= len(set(patient_ids)) <= MOST_PEOPLE:
        raise ValueError("1 to 4 people")
    queue = _open_queue(queue_id, now=now)
    people = dict(
        Patient.objects.filter(pk__in=patient_ids, user_id=account_id, removed_at=None).values_list("pk", "person")
    )
    if len(people) < len(set(patient_ids)):
        raise NotFound(what="patient")
    refuse_if_locked(account_id)
    what = f"queue-{queue_id}"
    if press(what, now=now):
        refuse_without_proof(account_id=account_id, what=what, proof=proof, now=now)
    let_go()
    return tuple(
        place_of(queue_id, patient_id, _standing(queue, people[patient_id], now=now), queue.ends_at)
        for patient_id in patient_ids
    )


def _open_queue(queue_id: int, *, now: datetime) -> QueueFacts:
    queue = live_queue(queue_id) or queue_facts(queue_id)
    if queue is None:
        raise NotFound(what="queue")
    if queue.is_cancelled or now > queue.ends_at:
        reason = "cancelled" if queue.is_cancelled else "over"
        raise QueueNotOpen(queue=queue_id, reason=reason, lobby_from=queue.lobby_from)
    if now < queue.lobby_from:
        raise QueueNotOpen(queue=queue_id, reason="early", lobby_from=queue.lobby_from)
    return queue


def _standing(queue: QueueFacts, person: UUID, *, now: datetime) -> Standing:
    fraction = fraction_of(queue.seed, person)
    keep = int((queue.ends_at - now).total_seconds()) + _KEEP_SECONDS
    opens_ms = int(queue.opens_at.timestamp() * 1000)
    try:
        number = admission.join_queue(
            queue.queue_id, fraction, opens_ms=opens_ms, behind=queue.behind, keep_seconds=keep
        )
    except GateDown:
        number = 0 if now < queue.opens_at else _next_number(queue.queue_id)
    return Standing(early=number == 0, number=number or fraction)


_fallback = threading.BoundedSemaphore(settings.GATE["fallback_limit"])


def _next_number(queue_id: int) -> int:
    """Without the gate the ledger counts, for a few at a time. Whoever comes twice gets a later number."""
    # Whoever waits must not sit on a connection that those who write need.
    let_go()
    if not _fallback.acquire(timeout=1):
        raise Busy()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE booking_releasequeue SET behind = behind + 1 WHERE id = %s RETURNING behind", [queue_id]
            )
            return int(cursor.fetchone()[0])
    finally:
        _fallback.release()
