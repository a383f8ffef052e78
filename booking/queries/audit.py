"""The promises, checked against the tables: nothing oversold, nobody doubly booked, no drift older than a lease."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from booking import admission
from booking.admission import GateDown
from booking.models import Appointment
from booking.queries.drift import differs, doubly_booked, kept_gate_ids, ledger_summaries, open_slot_ids, oversold

_BATCH = 500


@dataclass(slots=True)
class Audit:
    """What was found. `drifted` holds slots that stay different when looked at again."""

    slots: int = 0
    slots_at_gate: int = 0
    places_taken: int = 0
    running_holds: int = 0
    gate_answers: bool = True
    oversold: list[tuple[int, int, int]] = field(default_factory=list)
    doubly_booked: list[tuple[str, int, int, int]] = field(default_factory=list)
    drifted: list[int] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """True if every promise holds. A gate that does not answer breaks none."""
        return not (self.oversold or self.doubly_booked or self.drifted)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "clean": self.is_clean}

    def lines(self) -> list[str]:
        """For people."""
        gate = f"{self.slots_at_gate} loaded at the gate" if self.gate_answers else "the gate does not answer"
        lines = [
            f"{self.slots} open slots, {gate}; {self.places_taken} places taken, {self.running_holds} on hold.",
        ]
        lines += [f"OVERSOLD slot {slot}: quota {quota}, taken {taken}" for slot, quota, taken in self.oversold]
        lines += [
            f"DOUBLY BOOKED person {person}, programme {programme}, dose {dose}: {count}"
            for person, programme, dose, count in self.doubly_booked
        ]
        lines += [f"DRIFT slot {slot}: gate and ledger differ" for slot in self.drifted]
        lines.append("Clean." if self.is_clean else "NOT CLEAN.")
        return lines


def audit(*, now: datetime) -> Audit:
    """Look at every slot. Differences are looked at a second time, because bookings go on meanwhile."""
    found = Audit(
        places_taken=Appointment.objects.holding_a_place().count(),
        oversold=oversold(),
        doubly_booked=doubly_booked(),
    )
    slot_ids = open_slot_ids(now)
    found.slots = len(slot_ids)
    try:
        slot_ids += kept_gate_ids(now)
        for start in range(0, len(slot_ids), _BATCH):
            suspects = _differing(slot_ids[start : start + _BATCH], found, count=True)
            found.drifted += _differing(suspects, found, count=False)
    except GateDown:
        found.gate_answers = False
    return found


def _differing(slot_ids: list[int], found: Audit, *, count: bool) -> list[int]:
    gate = admission.summaries(slot_ids)
    ledger = ledger_summaries(list(gate))
    if count:
        found.slots_at_gate += len(gate)
        found.running_holds += sum(summary.holds - summary.lapsed for summary in gate.values())
    return [slot_id for slot_id, summary in gate.items() if differs(ledger[slot_id], summary)]
