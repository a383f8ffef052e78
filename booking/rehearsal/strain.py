"""Where a system began to suffer, what its limit was, and what to add: from the seconds of a rehearsal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from booking.rehearsal.machine import Sample
from booking.rehearsal.measures import BUSY, DONE, REFUSED, Measures, Second

# Somebody who presses and hears nothing for a second begins to wonder.
_SLOW = 1.0
_IN_A_ROW = 3
# The engine's own lateness above which its figures are not to be trusted.
LATE, ENGINE_FULL = 0.05, 0.9
# Requests of somebody who comes and finds a place: districts, sites, times, again before the release, holding, booking.
_ASKS = 8.0
_CPU_FULL, _GATE_SLOW, _LEDGER_SLOW = 0.85, 0.02, 0.1


@dataclass(frozen=True, slots=True)
class Saturated:
    """The second from which it was too much, and by what it showed: `busy`, `slow` or `error`."""

    second: int
    sign: str


def saturated(seconds: Sequence[Second]) -> Saturated | None:
    """When a system was first asked more than it could do for some seconds in a row; None if it never was."""
    row = 0
    for number, second in enumerate(seconds):
        sign = _sign(second)
        row = row + 1 if sign else 0
        if sign and row == _IN_A_ROW:
            return Saturated(number - _IN_A_ROW + 1, sign)
    return None


def _sign(second: Second) -> str:
    total = second.answers.total()
    if total < 5:
        return ""
    if second.answers[BUSY] > total * 0.01:
        return "busy"
    if second.answers["error"] > total * 0.01:
        return "error"
    return "slow" if second.spread.at(0.95) > _SLOW else ""


def best_rate(counts: Sequence[int], window: int = 10) -> float:
    """The most a second over so many seconds in a row."""
    if not counts:
        return 0.0
    window = min(window, len(counts))
    sums = [sum(counts[:window])]
    for gone, come in zip(counts, counts[window:], strict=False):
        sums.append(sums[-1] + come - gone)
    return max(sums) / window


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to know or to add: which, and its figures."""

    code: str
    facts: dict[str, Any]


def engine_was_late(measures: Measures) -> bool:
    """Whether the figures are the engine's own and not the system's."""
    full = sum(second.cpu > ENGINE_FULL for second in measures.seconds)
    return measures.lateness.at(0.99) > LATE or full > len(measures.seconds) * 0.1


def advise(
    measures: Measures, samples: Sequence[Sample], *, release: float, workers: int, most_connections: int
) -> list[Advice]:  # fmt: skip
    """What the figures say about more people: the most important first. `release` is its second."""
    found = []
    if engine_was_late(measures):
        late = round(measures.lateness.at(0.99) * 1000)
        found.append(Advice("engine", {"late_ms": late}))
    when = saturated(measures.seconds)
    # What people read while they wait for the release is nearly for nothing, and says little about the rush.
    seconds = measures.seconds[int(release) :]
    answered = [second.answers[DONE] + second.answers[REFUSED] for second in seconds]
    answers, bookings = best_rate(answered), best_rate([second.booked for second in seconds])
    if when is None:
        found.append(Advice("carried", {"answers": round(answers), "bookings": round(bookings, 1)}))
        return found
    found.append(Advice(f"from_{when.sign}", {"second": when.second, "answers": round(answers)}))
    later = [sample for sample in samples if sample.at >= when.second] or list(samples)
    asks = max(sum(answered) / max(measures.people, 1), _ASKS)
    wanted = best_rate([second.arrived for second in measures.seconds], 60) * asks
    factor = max(wanted / answers, 1.0) if answers else 1.0
    found += _machines(later, answers, bookings, wanted, factor, workers)
    if later and max(sample.ledger_connections for sample in later) > most_connections * 0.8:
        found.append(Advice("connections", {"most": most_connections}))
    return found


def _machines(
    later: Sequence[Sample], answers: float, bookings: float, wanted: float, factor: float, workers: int
) -> list[Advice]:  # fmt: skip
    found = []
    cpu = [sample.cpu for sample in later if sample.cpu is not None]
    facts = {"answers": round(answers), "bookings": round(bookings, 1), "wanted": round(wanted)}
    if workers:
        more = max(math.ceil(workers * factor) - workers, 1)
        each = {"workers": workers, "each": round(answers / workers), "each_books": round(bookings / workers, 1)}
        found.append(Advice("workers", {**facts, **each, "more": more}))
    else:
        found.append(Advice("machines", {**facts, "times": round(factor, 1)}))
    if cpu and fmean(cpu) > _CPU_FULL:
        found.append(Advice("cpu", {"percent": round(fmean(cpu) * 100)}))
    gate = [sample.gate_seconds for sample in later if sample.gate_seconds is not None]
    if gate and median(gate) > _GATE_SLOW:
        found.append(Advice("gate", {"ms": round(median(gate) * 1000)}))
    ledger = [sample.ledger_seconds for sample in later if sample.ledger_seconds is not None]
    if ledger and median(ledger) > _LEDGER_SLOW:
        found.append(Advice("ledger", {"ms": round(median(ledger) * 1000)}))
    return found


def longest_silence(seconds: Sequence[Second]) -> int:
    """The longest time in seconds without a booking, between the first and the last."""
    booked = [number for number, second in enumerate(seconds) if second.booked]
    return max((after - before for before, after in pairwise(booked)), default=0)
