"""What everybody is told who comes too late to the same slot: made once a second, for a few slots at a time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse

from booking.models.sessions import let_go

# Seconds. An answer is given to everybody for so long, and while the next one is made; beyond that it is too old.
_FRESH, _USABLE = 1.0, 15.0
# Each asks the ledger and the gate. In a release thousands of slots are full at once, and nobody may wait for them all.
_MAKERS = 2
_PATIENCE = 1.0
# Slots and languages; somewhat over a kilobyte each.
_MOST = 8000

Key = tuple[str, int, str]


@dataclass(slots=True)
class _Kept:
    content: bytes
    headers: dict[str, str]
    made_at: float

    def response(self) -> HttpResponse:
        return HttpResponse(self.content, status=409, headers=self.headers)

    def is_younger_than(self, seconds: float) -> bool:
        return time.monotonic() - self.made_at < seconds


class FullAnswers:
    """Answers by key, made by whoever asks first; `get` never waits longer than _PATIENCE for somebody else."""

    def __init__(self) -> None:
        # Held for looking only: waiting for it would be waiting for every other slot.
        self._lock = threading.Lock()
        self._kept: dict[Key, _Kept] = {}
        self._making: dict[Key, threading.Event] = {}

    def get(self, key: Key, *, whole: Callable[[], HttpResponse], bare: Callable[[], HttpResponse]) -> HttpResponse:
        """The answer with everything in it, at most a second old or, while the next one is made, somewhat more.

        `bare` makes one that asks nobody, for whoever comes while there is no other.
        """
        with self._lock:
            kept, others = self._kept.get(key), self._making.get(key)
            if kept is not None and kept.is_younger_than(_FRESH):
                return kept.response()
            mine = threading.Event() if others is None and len(self._making) < _MAKERS else None
            if mine is not None:
                self._making[key] = mine
        if mine is not None:
            return self._made(key, mine, whole)
        if kept is not None and kept.is_younger_than(_USABLE):
            return kept.response()
        if others is not None:
            # Reading of tokens and slots may have taken a connection; the maker needs one.
            let_go()
            others.wait(_PATIENCE)
            kept = self._kept.get(key)
        return kept.response() if kept is not None and kept.is_younger_than(_USABLE) else bare()

    def _made(self, key: Key, mine: threading.Event, whole: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            made = whole()
            if len(self._kept) > _MOST:
                self._kept.clear()
            self._kept[key] = _Kept(made.content, dict(made.items()), time.monotonic())
            return made
        finally:
            with self._lock:
                del self._making[key]
            mine.set()
