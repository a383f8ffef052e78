"""Whether the promises were kept: what people were told, against the ledger."""

import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone

from booking.admission import GateDown
from booking.models import Appointment, AppointmentEvent
from booking.operations.reconcile import reconcile
from booking.queries.audit import Audit, audit
from booking.queries.drift import doubly_booked, oversold
from booking.rehearsal.journal import promised

# Longer than the lease of a place that somebody's cut-off request took at the gate.
_PATIENCE = 75.0
_QUIET_WITHIN = 60.0


@dataclass(slots=True)
class Verdict:
    """What was found; everything that must be empty is empty if all promises were kept."""

    promised: int = 0
    oversold: list[tuple[int, int, int]] = field(default_factory=list)
    # Confirmed to somebody, not cancelled by them, and not in the ledger.
    lost: list[str] = field(default_factory=list)
    # Cancelled, as somebody was told, and in the ledger all the same.
    came_back: list[str] = field(default_factory=list)
    doubled: list[tuple[str, int, int, int]] = field(default_factory=list)
    drifted: list[int] = field(default_factory=list)
    # In the ledger, but their people had left before the answer came. They would see it on their next visit.
    unheard: int = 0
    # How long after the end the gate and the ledger were one again.
    settled_after: float = 0.0
    gate_answers: bool = True

    @property
    def holds(self) -> bool:
        """True if every promise was kept."""
        return not (self.oversold or self.lost or self.came_back or self.doubled or self.drifted)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "holds": self.holds}


def judge(journal: Path, programme: str, *, patience: float = _PATIENCE) -> Verdict:
    """Compare a journal with the ledger, and the ledger with the gate once leases have run out."""
    _wait_until_quiet(programme)
    said, verdict = promised(journal), Verdict()
    verdict.promised = len(said.live) + len(said.cancelled) + len(said.unknown)
    ours = Appointment.objects.filter(programme__code=programme)
    live = set(ours.live().values_list("reference", flat=True))
    verdict.lost = sorted(said.live - live)
    verdict.came_back = sorted(said.cancelled & live)
    verdict.unheard = len(live - said.live - said.unknown - said.cancelled)
    verdict.oversold, verdict.doubled = oversold(), doubly_booked()
    began = time.monotonic()
    found = _settled(patience)
    verdict.settled_after = round(time.monotonic() - began, 1)
    verdict.drifted, verdict.gate_answers = found.drifted, found.gate_answers
    return verdict


def _wait_until_quiet(programme: str) -> None:
    """Requests whose people have left are still carried out; what is counted meanwhile would be of two moments."""
    rows, before = AppointmentEvent.objects.filter(appointment__programme__code=programme), -1
    deadline = time.monotonic() + _QUIET_WITHIN
    while (now := rows.count()) != before and time.monotonic() < deadline:
        before = now
        time.sleep(2)


def _settled(patience: float) -> Audit:
    deadline = time.monotonic() + patience
    while True:
        with suppress(GateDown):
            reconcile(now=timezone.now())
        found = audit(now=timezone.now())
        if not found.drifted or time.monotonic() > deadline:
            return found
        time.sleep(1)
