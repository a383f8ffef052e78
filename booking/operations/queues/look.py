"""Looking at a queue; whoever looks first after its opening has it counted."""

from datetime import datetime

from booking.operations.queues.count import counted
from booking.operations.refusals import NotFound
from booking.queries.queue_state import QueueState, queue_state
from booking.queries.queues import live_queue, queue_facts


def look_at_queue(*, queue_id: int, now: datetime) -> QueueState:
    """How the queue stands now. Raises NotFound."""
    queue = live_queue(queue_id) or queue_facts(queue_id)
    if queue is None:
        raise NotFound(what="queue")
    if not queue.is_cancelled and now <= queue.ends_at:
        queue = counted(queue, now=now)
    return queue_state(queue, now=now)
