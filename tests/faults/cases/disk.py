"""The ledger's disk is full.

The tables lie on a small file system in memory, filled by a file of nothing: the same error of the system as with any
other disk. Where the write-ahead log has no room either, PostgreSQL ends, and its supervisor starts it until there is.
"""

import time
from collections.abc import Callable
from typing import Any

from tests.bench.installation import Installation
from tests.faults.ledgers import Small
from tests.faults.rush import Rush, booked, promises_hold, wait_until


def disk_full(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The ledger's disk fills up in the middle of a rush, and has room again five seconds later."""
    assert isinstance(city, Small)
    with Rush(city, made["citizens"], made["slots"], seconds=14, connections=16, pace=0.003) as rush:
        time.sleep(1.5)
        size = city.fill()
        filled_at = time.monotonic()
        time.sleep(5)
        city.clear()
        cleared_at, before = time.monotonic() - filled_at, booked(city)
        took = wait_until(lambda: booked(city) > before, 15, "bookings go on")
        say(
            f"{size / 2**20:.0f} MB of nothing filled it for {cleared_at:.1f} s; "
            f"the next booking stood in the ledger {took * 1000:.0f} ms after there was room"
        )
    assert rush.result.statuses["503 busy"] > 0, f"nobody noticed: {dict(rush.result.statuses)}"
    promises_hold(city, rush, say)


CASES = (disk_full,)
