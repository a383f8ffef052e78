"""Bring slots from the ledger to the gate: on demand, and whenever the gate turns out to be wrong."""

import time
from collections.abc import Sequence
from datetime import datetime

from booking import admission
from booking.queries.drift import slot_state

# The ledger answers in milliseconds; somebody who loads longer than this has died, and the lock runs out.
_PATIENCE_SECONDS = 3.0
_TRIES = 5


def load_slot(slot_id: int, *, now: datetime, again: bool = False) -> bool:
    """Make the gate know the slot; `again` also if it does already. False if there is no such slot.

    One caller reads the ledger, the others wait for it. Raises GateDown.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    tries = 0
    while tries < _TRIES:
        ticket = admission.begin_load(slot_id)
        if ticket is None:
            if time.monotonic() > deadline:
                return True
            time.sleep(0.01)
            if not again and slot_id in admission.places_left([slot_id]):
                return True
            continue
        state = slot_state(slot_id, now=now)
        if state is None:
            return False
        if admission.finish_load(state, token=ticket[0], changes=ticket[1]):
            return True
        # A busy slot moved while we read. Its own refusals and the next reconcile will get it right if we cannot.
        tries += 1
    return True


def load_slots(slot_ids: Sequence[int], *, now: datetime) -> None:
    """Load those of the slots that the gate does not know. Raises GateDown."""
    known = admission.places_left(slot_ids)
    for slot_id in slot_ids:
        if slot_id not in known:
            load_slot(slot_id, now=now)
