"""Stops asking a channel that takes nothing, and tries again by itself: first with one message, then with all."""

import threading
import time

# So many refusals in a row, and the rest is not tried for a while: first these seconds, twice as long each time.
_FAILURES = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0


class Breaker:
    """One channel as this process knows it. Used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = _FIRST_PAUSE
        self._open_until: float | None = None

    def closed_for(self) -> float:
        """For how many seconds nothing may be tried; 0 if something may."""
        until = self._open_until
        return 0.0 if until is None else max(until - time.monotonic(), 0.0)

    @property
    def is_doubtful(self) -> bool:
        """Whether the next one should go alone, to see whether the channel works again."""
        return self._open_until is not None

    def failed(self) -> None:
        """Note that the channel did not take a message."""
        with self._lock:
            self._failures += 1
            if self._open_until is not None and self.closed_for() == 0:
                self._pause = min(self._pause * 2, _LONGEST_PAUSE)
            elif self._open_until is not None or self._failures < _FAILURES:
                return
            self._open_until = time.monotonic() + self._pause

    def worked(self) -> bool:
        """Note that it took one; True if it had not before."""
        with self._lock:
            was_open, self._open_until = self._open_until is not None, None
            self._failures, self._pause = 0, _FIRST_PAUSE
            return was_open


_breakers: dict[str, Breaker] = {}


def breaker_of(channel: str) -> Breaker:
    """The breaker of a channel, by its name."""
    return _breakers.setdefault(channel, Breaker())


def forget() -> None:
    """Begin anew, as a process does."""
    _breakers.clear()
