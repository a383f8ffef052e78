"""Nobody takes a place of a release that has a queue before it is their turn. No statement, no way to the gate."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import Error as LedgerError

from booking.operations.queues.count import counted
from booking.operations.queues.places import QueuePlace, places_in
from booking.operations.queues.refusals import QueueNotYet, QueuePlaceMissing, QueuePlaceWrong
from booking.operations.refusals import Busy, Refusal
from booking.operations.releases.brought import Brought
from booking.queries.queues import QueueFacts, queue_for
from booking.rules.queue import let_in_at


def refuse_out_of_queue(wishes: Sequence[tuple[UUID, int]], brought: Brought, *, now: datetime) -> None:
    """Raise why one of these (patient, slot) may not be taken; of several that must wait, the one who waits longest.

    Raises QueuePlaceMissing, QueuePlaceWrong and QueueNotYet, for several wishes with `patient` and `slot`; Busy while
    nobody knows whether there is a queue.
    """
    waits: list[QueueNotYet] = []
    for patient_id, slot_id in wishes:
        try:
            queue = queue_for(slot_id, now=now)
            refusal = _refusal(counted(queue, now=now), patient_id, brought, now=now) if queue else None
        except LedgerError as error:
            raise Busy() from error
        if refusal is None:
            continue
        if len(wishes) > 1:
            refusal.about(patient=patient_id, slot=slot_id)
        if not isinstance(refusal, QueueNotYet):
            raise refusal
        waits.append(refusal)
    if waits:
        raise max(waits, key=lambda one: one.facts["let_in_at"] or now)


def _refusal(queue: QueueFacts, patient_id: UUID, brought: Brought, *, now: datetime) -> Refusal | None:
    text = brought.queue_places.get(patient_id, "")
    if not text:
        return QueuePlaceMissing(queue=queue.queue_id)
    own = [place for place in places_in([text]) if _counts(place, queue, patient_id, now=now)]
    if not own:
        return QueuePlaceWrong(queue=queue.queue_id)
    if now < queue.opens_at or not queue.is_counted:
        return QueueNotYet(queue=queue.queue_id, let_in_at=None)
    turn = min(let_in_at(place.standing, queue.pace) for place in own)
    return QueueNotYet(queue=queue.queue_id, let_in_at=turn) if now < turn else None


def _counts(place: QueuePlace, queue: QueueFacts, patient_id: UUID, *, now: datetime) -> bool:
    return (place.queue_id, place.patient_id) == (queue.queue_id, patient_id) and now <= place.expires_at
