"""Make the gate agree with the ledger. Always ledger to gate, never the other way."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from booking import admission
from booking.admission import Summary
from booking.queries.drift import LedgerSummary, differs, kept_gate_ids, ledger_summaries, open_slot_ids, places_off
from booking.queries.load_gate import load_slot
from booking.queries.reconciled import Counts, remember_reconciled

log = logging.getLogger(__name__)
_BATCH = 500


@dataclass(slots=True)
class Reconciled:
    """What one run found: slots that the gate knows, and those that were wrong and are right now."""

    looked_at: int = 0
    repaired: list[int] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)


def reconcile(*, now: datetime, slot_ids: Sequence[int] | None = None) -> Reconciled:
    """Repair every slot at the gate that differs from the ledger; all that have not ended unless given.

    Slots that the gate does not know need no repair: the first who asks loads them. Those in a part of the gate that
    does not answer wait for the next run. Raises GateDown if nothing of it answers.
    """
    result = Reconciled()
    wanted = [*open_slot_ids(now), *kept_gate_ids(now)] if slot_ids is None else list(slot_ids)
    for start in range(0, len(wanted), _BATCH):
        gate, ledger = _both(wanted[start : start + _BATCH])
        result.looked_at += len(gate)
        _count(result.counts, gate, ledger)
        wrong = [slot_id for slot_id in gate if slot_id in ledger and differs(ledger[slot_id], gate[slot_id])]
        result.counts.drift += _lasting(wrong, gate, ledger)
        for slot_id in wrong:
            load_slot(slot_id, now=now, again=True)
            result.repaired.append(slot_id)
    if result.repaired:
        log.info("Reconciled %d of %d slots.", len(result.repaired), result.looked_at)
    if slot_ids is None:
        remember_reconciled(result.counts, slots=result.looked_at, repaired=len(result.repaired), now=now)
    return result


def _both(slot_ids: Sequence[int]) -> tuple[dict[int, Summary], dict[int, LedgerSummary]]:
    gate = admission.summaries(slot_ids, partly=True)
    # The ledger is read after the gate: what was settled in between is then no difference that lasts,
    # and a repair reads both again under the slot's loading lock.
    return gate, ledger_summaries(list(gate))


def _count(counts: Counts, gate: dict[int, Summary], ledger: dict[int, LedgerSummary]) -> None:
    counts.left += sum(summary.left for summary in gate.values())
    counts.held += sum(summary.holds for summary in gate.values())
    counts.oversold += sum(max(one.taken, one.highest) > one.quota for one in ledger.values() if one.slot_id > 0)


def _lasting(wrong: Sequence[int], gate: dict[int, Summary], ledger: dict[int, LedgerSummary]) -> int:
    """Places off at a second look too: in a rush two readings never show the same moment."""
    suspects = [slot_id for slot_id in wrong if places_off(ledger[slot_id], gate[slot_id])]
    if not suspects:
        return 0
    gate_again, ledger_again = _both(suspects)
    return sum(
        min(places_off(ledger[one], gate[one]), places_off(ledger_again[one], gate_again[one]))
        for one in suspects
        if one in ledger_again
    )
