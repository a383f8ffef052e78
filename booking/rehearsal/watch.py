"""Looks at the machines while people come, beside the engine, which may not wait for anybody."""

import logging
import threading
import time
from collections.abc import Sequence

from django.db import Error as LedgerError
from django.db import connection
from django.utils import timezone

from booking.rehearsal.machine import Cpu, Sample, look

log = logging.getLogger(__name__)


class Watch:
    """Samples every so many seconds between entry and exit; `samples` counts seconds from its entry."""

    def __init__(self, watched: Sequence[int], *, every: float, thoroughly: bool) -> None:
        self.samples: list[Sample] = []
        self._watched, self._every, self._thoroughly = watched, every, thoroughly
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _run(self) -> None:
        cpu, wait = Cpu(), 1.0
        try:
            while not self._over.wait(wait):
                began = time.monotonic()
                try:
                    at = began - self._began
                    sample = look(self._watched, at=at, now=timezone.now(), thoroughly=self._thoroughly)
                    sample.cpu = cpu.busy()
                    self.samples.append(sample)
                except LedgerError as error:
                    log.warning("The ledger could not be looked at (%s).", type(error).__name__)
                    connection.close()
                wait = max(self._every - (time.monotonic() - began), 0.2)
        finally:
            connection.close()
