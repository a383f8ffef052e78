"""How many tries to book there were in each minute, and how many got no answer but "busy" or a fault.

Each process counts by itself and adds it to the shared cache every few seconds: a try costs no round trip. What it has
not added yet when it ends, or while the cache is away, is not counted; this is for a share, not for a sum.
"""

import functools
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.core.cache import cache

from booking.operations.refusals import Busy, Refusal

Given = ParamSpec("Given")
Made = TypeVar("Made")
_ADD_EVERY = 5.0
_KEEP = 3600


class _Tally:
    """Tries and errors of this process by minute, until they are added to everybody's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_minute: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        self._added_at = 0.0

    def count(self, minute: int, *, is_error: bool) -> None:
        with self._lock:
            counts = self._by_minute[minute]
            counts[0] += 1
            counts[1] += is_error
            if time.monotonic() - self._added_at < _ADD_EVERY:
                return
            adding, self._by_minute = self._by_minute, defaultdict(lambda: [0, 0])
            self._added_at = time.monotonic()
        for of, (tries, errors) in adding.items():
            _add(f"tries:{of}", tries)
            _add(f"tries:{of}:errors", errors)

    def forget(self) -> None:
        """As a process that has just begun."""
        with self._lock:
            self._by_minute.clear()
            self._added_at = 0.0


_tally = _Tally()
forget_tries = _tally.forget


def counts_tries(act: Callable[Given, Made]) -> Callable[Given, Made]:
    """Decorate an operation that books, so that each call counts as a try. A refusal is an answer, not an error."""

    @functools.wraps(act)
    def counting(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        is_error = True
        try:
            made = act(*args, **kwargs)
            is_error = False
            return made
        except Refusal as refusal:
            is_error = isinstance(refusal, Busy)
            raise
        finally:
            now = kwargs["now"]
            assert isinstance(now, datetime)
            _tally.count(_number(now), is_error=is_error)

    return counting


def tries_in(minute: datetime) -> tuple[int, int]:
    """Tries and errors in that minute, of all processes that have told; (0, 0) while the cache is away."""
    key = f"tries:{_number(minute)}"
    found = cache.get_many([key, f"{key}:errors"])
    return int(found.get(key, 0)), int(found.get(f"{key}:errors", 0))


def _number(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _add(key: str, count: int) -> None:
    if not count:
        return
    cache.add(key, 0, _KEEP)
    try:
        cache.incr(key, count)
    except ValueError:
        # It ran out between the two steps.
        cache.set(key, count, _KEEP)
