"""Stops asking a gate that does not answer, and tries again by itself."""

import os
import threading
import time
import weakref
from collections.abc import Callable


class GateDown(Exception):
    """The gate does not answer; whether the last command had an effect is unknown."""


class Breaker:
    """Open from a failure on, until a thread of its own, which looks every `retry_after` seconds, gets an answer.

    No caller has to try: those who do wait for a time-out, and with them everybody who shares their round trip.
    """

    def __init__(self, retry_after: float, answers: Callable[[], bool]) -> None:
        self._retry_after = retry_after
        self._answers = answers
        self._lock = threading.Lock()
        self._open_until: float | None = None
        self._looked_after_in: int | None = None

    @property
    def is_open(self) -> bool:
        """True while the gate counts as gone."""
        return self._open_until is not None

    def before(self) -> None:
        """Raise GateDown at once while open."""
        if self._open_until is not None:
            # A process that was forked meanwhile has the open breaker, but not the thread.
            self._be_looked_after()
            raise GateDown

    def failed(self) -> bool:
        """Note a failure; True if the breaker has just opened."""
        with self._lock:
            newly = self._open_until is None
            self._open_until = time.monotonic() + self._retry_after
        self._be_looked_after()
        return newly

    def worked(self) -> bool:
        """Note an answer; True if the breaker has just closed."""
        with self._lock:
            newly = self._open_until is not None
            self._open_until = None
            return newly

    def _be_looked_after(self) -> None:
        with self._lock:
            if self._looked_after_in == os.getpid():
                return
            self._looked_after_in = os.getpid()
        threading.Thread(target=_look_after, args=[weakref.ref(self)], daemon=True).start()

    def _look(self) -> float | None:
        """Try if it is time to; returns the seconds until the next look, None when there is nothing to look after."""
        with self._lock:
            if self._open_until is None:
                self._looked_after_in = None
                return None
            wait = self._open_until - time.monotonic()
        if wait > 0:
            return min(wait, self._retry_after)
        if self._answers():
            self.worked()
        else:
            self.failed()
        return 0


def _look_after(watched: "weakref.ref[Breaker]") -> None:
    # Only a weak hold in between: whoever throws a gate away need not tell.
    while (breaker := watched()) is not None and (wait := breaker._look()) is not None:
        del breaker
        time.sleep(wait)
