"""Whether booking is paused in the whole city, and what people are told meanwhile.

Every booking and every page asks, so each process asks the ledger once a second at the most; the ledger's own
statements look again, and decide.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from django.db import Error as LedgerError
from django.db import connection

from booking.models import BookingPause
from booking.models.sessions import let_go

_KEEP = 1.0
# How long a ledger that does not answer is left alone.
_LEAVE_ALONE = 5.0


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that has not ended, with the city's words."""

    began_at: datetime
    text: str
    text_en: str


class _Known:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self.pause: Pause | None = None

    def ask(self) -> Pause | None:
        # Whoever comes while somebody asks gets the answer before: nobody waits for this.
        if time.monotonic() >= self._until and self._lock.acquire(blocking=False):
            try:
                self.keep(_asked(), _KEEP)
            except LedgerError:
                self.keep(self.pause, _LEAVE_ALONE)
            finally:
                self._lock.release()
        return self.pause

    def keep(self, pause: Pause | None, seconds: float) -> None:
        self.pause, self._until = pause, time.monotonic() + seconds


_known = _Known()


def pause_now() -> Pause | None:
    """The pause that runs, None if booking goes on; as it was a second ago at the most."""
    return _known.ask()


def last_known() -> Pause | None:
    """As this process knew it last, without asking: for pages that must come without the ledger."""
    return _known.pause


def open_pause() -> Pause | None:
    """The pause that runs, by the ledger, in the caller's transaction."""
    found = BookingPause.objects.filter(ended_at=None).values_list("began_at", "text", "text_en").first()
    return Pause(*found) if found else None


def remember_pause(pause: Pause | None, *, seconds: float = _KEEP) -> None:
    """Have this process take that for the answer, for so long: it has just changed it."""
    _known.keep(pause, seconds)


def _asked() -> Pause | None:
    had_one = connection.connection is not None
    try:
        return open_pause()
    finally:
        # The caller is on the way to the gate, where waiting on a connection would keep it from others.
        if not had_one:
            let_go()
