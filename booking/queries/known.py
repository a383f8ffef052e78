"""What each process knows of something that changes seldom and that everybody asks for on the way to the gate."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import Error as LedgerError
from django.db import connection

from booking.models.sessions import let_go

Value = TypeVar("Value")
# Seconds: how long a ledger that does not answer is left alone.
_LEAVE_ALONE = 5.0


class Known(Generic[Value]):
    """An answer of the ledger, asked for again once it is older than `seconds`, by one caller for all.

    Whoever comes while it is asked for gets the answer before; only the first answer is waited for.
    """

    def __init__(self, ask: Callable[[], Value], *, seconds: float) -> None:
        self._ask, self._seconds = ask, seconds
        self._lock = threading.Lock()
        self._until = 0.0
        self._value: tuple[Value] | None = None

    def now(self) -> Value:
        """As it was so many seconds ago at the most. Raises the ledger's error if there never was an answer."""
        kept = self._value
        if kept is not None and time.monotonic() < self._until:
            return kept[0]
        if self._lock.acquire(blocking=kept is None):
            try:
                if self._value is None or time.monotonic() >= self._until:
                    self._again()
            finally:
                self._lock.release()
        assert self._value is not None
        return self._value[0]

    def forget(self) -> None:
        """The next question is asked anew, and waited for."""
        self._value = None

    def _again(self) -> None:
        had_one = connection.connection is not None
        try:
            self._value, self._until = (self._ask(),), time.monotonic() + self._seconds
        except LedgerError:
            if self._value is None:
                raise
            self._until = time.monotonic() + _LEAVE_ALONE
        finally:
            # The caller is on the way to the gate, where waiting on a connection would keep it from others.
            if not had_one:
                let_go()
