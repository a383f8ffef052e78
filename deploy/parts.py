"""Whether ledger and gate answer: asked once a second in each process, however many want to know."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection

from booking import admission
from booking.admission import GateDown

log = logging.getLogger(__name__)
_SECONDS = 1.0


class Part:
    """One part of the installation; its answer is a second old at the most, or as old as asking takes."""

    def __init__(self, name: str, ask: Callable[[], object], failure: tuple[type[Exception], ...]) -> None:
        self._name, self._ask, self._failure = name, ask, failure
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._answers = True

    def __call__(self) -> bool:
        """True if it answers."""
        if time.monotonic() - self._asked_at < _SECONDS:
            return self._answers
        # While somebody asks, which takes seconds where there is no answer, the others take what was said before.
        if not self._lock.acquire(blocking=self._asked_at == float("-inf")):
            return self._answers
        try:
            if time.monotonic() - self._asked_at >= _SECONDS:
                self._look()
        finally:
            self._lock.release()
        return self._answers

    def forget(self) -> None:
        """The next question is asked."""
        self._asked_at = float("-inf")

    def _look(self) -> None:
        try:
            self._ask()
            answers = True
        except self._failure as error:
            answers = False
            if self._answers:
                log.warning("Not ready: %s (%s)", self._name, type(error).__name__)
        self._answers = answers
        self._asked_at = time.monotonic()


def _select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


ledger_answers = Part("ledger", _select_one, (DatabaseError, InterfaceError))
gate_answers = Part("gate", admission.ping, (GateDown,))
