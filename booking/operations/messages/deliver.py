"""Send many at once: each channel on its own, one slow message beside the others, all within a bounded time."""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime

from accounts.channels import NotSent
from booking.operations.messages.breaker import Breaker, breaker_of
from booking.operations.messages.ways import Way

log = logging.getLogger(__name__)

# How many messages are on their way at once, and how long a batch may take: well below the time of a claim.
_SENDERS = 16
_SECONDS = 30.0


@dataclass(slots=True)
class Delivered:
    """What became of each way: taken, refused, or not tried because its channel takes nothing now."""

    went: list[Way] = field(default_factory=list)
    failed: list[Way] = field(default_factory=list)
    untried: list[Way] = field(default_factory=list)
    # A channel took something again after it had not.
    recovered: bool = False


def deliver(ways: Sequence[Way], *, now: datetime) -> Delivered:
    """Send them all; returns within about half a minute, whatever the gateways do."""
    done = Delivered()
    for channel in sorted({way.channel for way in ways}):
        _deliver([way for way in ways if way.channel == channel], breaker_of(channel), done, now)
    return done


def _deliver(ways: Sequence[Way], breaker: Breaker, done: Delivered, now: datetime) -> None:
    reasons: Counter[str] = Counter()
    pool = ThreadPoolExecutor(min(_SENDERS, len(ways)), thread_name_prefix="sending")
    try:
        if breaker.is_doubtful and breaker.closed_for() == 0:
            first, *ways = ways
            _sort_out([first], [pool.submit(_go, first, breaker, now)], done, reasons)
        _sort_out(ways, [pool.submit(_go, way, breaker, now) for way in ways], done, reasons)
    finally:
        # What hangs is left to its own time-outs; its message is tried again by its key.
        pool.shutdown(wait=False, cancel_futures=True)
    for reason, count in reasons.items():
        log.warning("%s messages were not sent by %s (%s).", count, ways[0].channel if ways else "probe", reason)


def _go(way: Way, breaker: Breaker, now: datetime) -> tuple[str, bool]:
    """ "went", "untried" or why not; and whether the channel works again."""
    if breaker.closed_for() > 0:
        return "untried", False
    try:
        way.go(now)
    except NotSent as refused:
        breaker.failed()
        return refused.reason, False
    except Exception as error:
        breaker.failed()
        return type(error).__name__, False
    return "went", breaker.worked()


def _sort_out(
    ways: Sequence[Way], futures: Sequence["Future[tuple[str, bool]]"], done: Delivered, reasons: Counter[str]
) -> None:
    wait(futures, timeout=_SECONDS)
    for way, future in zip(ways, futures, strict=True):
        if not future.done():
            said, again = ("untried" if future.cancel() else "too slow"), False
        else:
            said, again = future.result()
        done.recovered |= again
        if said in ("went", "untried"):
            (done.went if said == "went" else done.untried).append(way)
        else:
            reasons[said] += 1
            done.failed.append(way)
