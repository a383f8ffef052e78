"""What the last comparison of gate and ledger found, for everybody who watches over them."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

_LAST, _REPAIRS = "reconciled:last", "reconciled:repairs"


@dataclass(slots=True)
class Counts:
    """Of all slots at the gate: places off, slots oversold, places left and places on hold."""

    drift: int = 0
    oversold: int = 0
    left: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class LastReconciled:
    """The last whole run. `repairs` counts slots over all runs that the cache remembers."""

    at: datetime
    slots: int
    counts: Counts
    repairs: int = 0


def remember_reconciled(counts: Counts, *, slots: int, repaired: int, now: datetime) -> None:
    """Note a whole run, in the cache: only whoever watches wants to know, and the next run is a minute away."""
    cache.add(_REPAIRS, 0, None)
    if repaired:
        # The gate may be emptied between the two.
        with suppress(ValueError):
            cache.incr(_REPAIRS, repaired)
    cache.set(_LAST, (now, slots, counts), None)


def last_reconciled() -> LastReconciled | None:
    """The last whole run; None if nobody remembers one."""
    found = cache.get_many([_LAST, _REPAIRS])
    if _LAST not in found:
        return None
    at, slots, counts = found[_LAST]
    return LastReconciled(at, slots, counts, repairs=int(found.get(_REPAIRS, 0)))
