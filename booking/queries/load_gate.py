"""Bring slots from the ledger to the gate: on demand, and whenever the gate turns out to be wrong.

The gate is a view of the ledger, so filling it is part of reading: nothing is decided here.
"""

import time
from collections.abc import Sequence
from datetime import datetime

from booking import admission
from booking.metrics import SLOTS_LOADED, WAITS
from booking.queries.drift import slot_states

# The ledger answers in milliseconds; somebody who loads longer than this has died, and the lock runs out.
_PATIENCE_SECONDS = 3.0
_TRIES = 5
_BATCH = 200


def load_slot(slot_id: int, *, now: datetime, again: bool = False) -> bool:
    """Make the gate know the slot; `again` also if it does already. False if there is no such slot.

    One caller reads the ledger, the others wait for it. Raises GateDown.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    tries, waited = 0, False
    while tries < _TRIES:
        tickets = admission.begin_load_many([slot_id])
        if not tickets:
            if not waited:
                waited = True
                WAITS.labels("slot").inc()
            if time.monotonic() > deadline:
                return True
            time.sleep(0.01)
            if not again and slot_id in admission.places_left([slot_id]):
                return True
            continue
        states = slot_states([slot_id], now=now)
        if slot_id not in states:
            return False
        if admission.finish_load_many([(states[slot_id], tickets[slot_id])])[0]:
            SLOTS_LOADED.inc()
            return True
        # A busy slot moved while we read. Its own refusals and the next reconcile will get it right if we cannot.
        tries += 1
    return True


def load_slots(slot_ids: Sequence[int], *, now: datetime) -> None:
    """Load many slots that the gate does not know, some hundred at a time; those that others load are left to them.

    Raises GateDown.
    """
    for start in range(0, len(slot_ids), _BATCH):
        tickets = admission.begin_load_many(slot_ids[start : start + _BATCH])
        states = slot_states(list(tickets), now=now)
        loads = [(states[slot_id], tickets[slot_id]) for slot_id in tickets if slot_id in states]
        SLOTS_LOADED.inc(sum(admission.finish_load_many(loads)))
