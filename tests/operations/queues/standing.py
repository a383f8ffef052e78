"""A queue before and after its opening, by every clock: the gate's and the ledger's cannot be set for a test."""

from datetime import timedelta
from uuid import uuid4

from booking.models import ReleaseQueue, Slot
from booking.operations.book import book
from booking.operations.book_together import book_together
from booking.operations.hold import hold
from booking.operations.hold_together import hold_together
from booking.operations.queues.join import join_queue
from booking.operations.releases.brought import NOTHING, Brought
from booking.queries.queues import forget_queue_slots
from booking.queries.slot_facts import forget_slot_facts
from tests.factories import CLOCK, make_queue, make_slot

AHEAD = timedelta(days=3650)
BEFORE = CLOCK + AHEAD - timedelta(minutes=30)


def queue_to_come(**fields):
    """A queue that opens in ten years; at BEFORE people may stand in it."""
    queue = make_queue(opens_in=AHEAD, **fields)
    # Behind whoever books there a slot must still lie ahead.
    slot = make_slot(programme=queue.programme, opens_at=queue.opens_at, starts_at=queue.opens_at + timedelta(days=3))
    return queue, slot


def it_opens(queue, slot):
    """Time passes: the release was opened at CLOCK."""
    later = {"opens_at": CLOCK, "ends_at": CLOCK + timedelta(hours=4), "lobby_from": CLOCK - timedelta(hours=1)}
    ReleaseQueue.objects.filter(pk=queue.pk).update(**later)
    # What was counted was counted before.
    before = CLOCK - timedelta(minutes=1)
    ReleaseQueue.objects.filter(pk=queue.pk, counted_at__isnull=False).update(counted_at=before)
    starts_at = CLOCK + timedelta(days=3)
    times = {"opens_at": CLOCK, "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=30)}
    Slot.objects.filter(programme=queue.programme).update(**times)
    forget_queue_slots()
    forget_slot_facts()


def open_queue(**fields):
    """A queue that opened at CLOCK, and a slot of its release."""
    queue, slot = queue_to_come(**fields)
    it_opens(queue, slot)
    return queue, slot


def join(patient, queue, *, now):
    """The patient's place."""
    return join_queue(account_id=patient.user_id, patient_ids=[patient.pk], queue_id=queue.pk, now=now)[0]


def bring(*places):
    return Brought({place.patient_id: place.token for place in places})


def ways(patient, slot, *, brought=NOTHING, now=CLOCK):
    """Every way to take a place anew."""
    one = {"account_id": patient.user_id, "now": now, "brought": brought}
    wish = [(patient.pk, slot.pk)]
    return {
        "hold": lambda: hold(patient_id=patient.pk, slot_id=slot.pk, **one),
        "book": lambda: book(patient_id=patient.pk, slot_id=slot.pk, request_key=uuid4().hex, **one),
        "hold together": lambda: hold_together(wishes=wish, **one),
        "book together": lambda: book_together(wishes=wish, request_key=uuid4().hex, **one),
    }


WAYS = ("hold", "book", "hold together", "book together")
