"""The queues of releases: which there are, which slots they are for, and how many people stand in them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from booking.models import ReleaseQueue, Slot
from booking.queries.known import Known
from booking.rules.queue import Pace

# Seconds: how long a change of a queue, or of the slots that it is for, may take to be seen by those who book.
_KEEP, _KEEP_SLOTS = 2, 5
# Those that are over are passed over by the clock of whoever asks.
_MOST = 50


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """A queue as the ledger has it. `early` and `behind` are as last counted; `is_counted`: since the opening."""

    queue_id: int
    programme_id: int
    programme_code: str
    programme_name: str
    programme_name_en: str
    lobby_from: datetime
    opens_at: datetime
    ends_at: datetime
    people_a_minute: int
    early: int
    behind: int
    is_counted: bool
    is_cancelled: bool
    seed: str

    @property
    def pace(self) -> Pace:
        return Pace(self.opens_at, self.early, self.people_a_minute)


def queue_facts(queue_id: int) -> QueueFacts | None:
    """The queue, also one that is over or cancelled; by the ledger, at this moment."""
    row = ReleaseQueue.objects.select_related("programme").filter(pk=queue_id).first()
    return None if row is None else _facts(row)


def live_queues() -> tuple[QueueFacts, ...]:
    """Those that stand, by their opening, the last ones among them over; as they were two seconds ago at the most.

    Raises the ledger's error if this process never knew.
    """
    return _live.now()


def live_queue(queue_id: int) -> QueueFacts | None:
    """One of them."""
    return next((queue for queue in live_queues() if queue.queue_id == queue_id), None)


def queue_for(slot_id: int, *, now: datetime) -> QueueFacts | None:
    """The queue that one must have waited in to take a place in the slot now. No statement while none is on.

    On from when people may stand in it: before its slots open nobody gets a place anyway, and no clock decides it.
    """
    for queue in live_queues():
        if queue.lobby_from <= now <= queue.ends_at and slot_id in _slots_of(queue):
            return queue
    return None


def queue_ahead(programme_code: str, *, now: datetime) -> QueueFacts | None:
    """The queue of the programme that is on or comes next."""
    found = (queue for queue in live_queues() if queue.programme_code == programme_code and now <= queue.ends_at)
    return next(found, None)


def forget_queues() -> None:
    """The next question reads the ledger: a queue was made, changed or counted."""
    _live.forget()


def forget_queue_slots() -> None:
    """The next question reads the ledger about the slots that queues are for, too."""
    _live.forget()
    _slots.clear()


def _ask_live() -> tuple[QueueFacts, ...]:
    rows = ReleaseQueue.objects.select_related("programme").filter(cancelled_at=None).order_by("-opens_at")
    return tuple(reversed([_facts(row) for row in rows[:_MOST]]))


_live: Known[tuple[QueueFacts, ...]] = Known(_ask_live, seconds=_KEEP)
_slots: dict[tuple[int, datetime, datetime], Known[frozenset[int]]] = {}


def _slots_of(queue: QueueFacts) -> frozenset[int]:
    key = (queue.programme_id, queue.opens_at, queue.ends_at)
    known = _slots.get(key)
    if known is None:
        known = _slots.setdefault(key, Known(partial(_ask_slots, *key), seconds=_KEEP_SLOTS))
    return known.now()


def _ask_slots(programme_id: int, opens_at: datetime, ends_at: datetime) -> frozenset[int]:
    found = Slot.objects.filter(programme_id=programme_id, opens_at__gte=opens_at, opens_at__lte=ends_at)
    return frozenset(found.values_list("pk", flat=True))


def _facts(row: ReleaseQueue) -> QueueFacts:
    return QueueFacts(
        queue_id=row.pk,
        programme_id=row.programme_id,
        programme_code=row.programme.code,
        programme_name=row.programme.name,
        programme_name_en=row.programme.name_en,
        lobby_from=row.lobby_from,
        opens_at=row.opens_at,
        ends_at=row.ends_at,
        people_a_minute=row.people_a_minute,
        early=row.early,
        behind=row.behind,
        is_counted=row.counted_at is not None and row.counted_at >= row.opens_at,
        is_cancelled=row.cancelled_at is not None,
        seed=str(row.seed),
    )
