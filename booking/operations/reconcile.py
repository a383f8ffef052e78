"""Make the gate agree with the ledger. Always ledger to gate, never the other way."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from booking import admission
from booking.queries.drift import differs, kept_gate_ids, ledger_summaries, open_slot_ids
from booking.queries.load_gate import load_slot

log = logging.getLogger(__name__)
_BATCH = 500


@dataclass(slots=True)
class Reconciled:
    """What one run found: slots that the gate knows, and those that were wrong and are right now."""

    looked_at: int = 0
    repaired: list[int] = field(default_factory=list)


def reconcile(*, now: datetime, slot_ids: Sequence[int] | None = None) -> Reconciled:
    """Repair every slot at the gate that differs from the ledger; all that have not ended unless given.

    Slots that the gate does not know need no repair: the first who asks loads them. Those in a part of the gate that
    does not answer wait for the next run. Raises GateDown if nothing of it answers.
    """
    result = Reconciled()
    wanted = [*open_slot_ids(now), *kept_gate_ids(now)] if slot_ids is None else list(slot_ids)
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        gate = admission.summaries(batch, partly=True)
        result.looked_at += len(gate)
        # The ledger is read after the gate: what was settled in between is then no difference that lasts,
        # and a repair reads both again under the slot's loading lock.
        ledger = ledger_summaries(list(gate))
        for slot_id, summary in gate.items():
            if slot_id in ledger and differs(ledger[slot_id], summary):
                load_slot(slot_id, now=now, again=True)
                result.repaired.append(slot_id)
    if result.repaired:
        log.info("Reconciled %d of %d slots.", len(result.repaired), result.looked_at)
    return result
