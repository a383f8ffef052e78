"""Web processes die."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

from tests.bench.installation import Installation
from tests.faults.rush import Rush, promises_hold, wait_until


def worker_killed(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """kill -9 a web worker, three times, in the middle of a rush."""
    with Rush(city, made["citizens"], made["slots"], seconds=12, connections=64) as rush:
        for _ in range(3):
            time.sleep(0.7)
            victim = city.workers()[0]
            os.kill(victim, signal.SIGKILL)
            took = wait_until(
                lambda gone=victim: gone not in city.workers() and len(city.workers()) == 2, 30, "replaced"
            )
            say(f"killed worker {victim}; replaced after {took:.1f} s")
    say(f"{rush.result.broken} requests got no answer")
    promises_hold(city, rush, say)


CASES = (worker_killed,)
