"""Stops asking a gate that does not answer, and tries again by itself."""

import threading
import time


class GateDown(Exception):
    """The gate does not answer; whether the last command had an effect is unknown."""


class Breaker:
    """Open after a failure for `retry_after` seconds; then one caller at a time may try whether it works again."""

    def __init__(self, retry_after: float) -> None:
        self._retry_after = retry_after
        self._lock = threading.Lock()
        self._open_until: float | None = None

    @property
    def is_open(self) -> bool:
        """True while the gate counts as gone."""
        return self._open_until is not None

    def before(self) -> None:
        """Raise GateDown at once while open, except for the one caller whose turn it is to try."""
        if self._open_until is None:
            return
        with self._lock:
            now = time.monotonic()
            if self._open_until is not None:
                if now < self._open_until:
                    raise GateDown
                # This caller tries; the others go on without the gate until it has come back with an answer.
                self._open_until = now + self._retry_after

    def failed(self) -> bool:
        """Note a failure; True if the breaker has just opened."""
        with self._lock:
            newly = self._open_until is None
            self._open_until = time.monotonic() + self._retry_after
            return newly

    def worked(self) -> bool:
        """Note an answer; True if the breaker has just closed."""
        if self._open_until is None:
            return False
        with self._lock:
            newly = self._open_until is not None
            self._open_until = None
            return newly
