"""What everybody is told who comes too late to the same slot: made once a second, for a few slots at a time."""

import time

from django.http import HttpResponse

from booking.answers import KeptAnswer, Make, Store
from booking.models.sessions import let_go

# Seconds. An answer is given to everybody for so long, and while the next one is made; beyond that it is too old.
_FRESH, _USABLE = 1.0, 15.0
_PATIENCE = 1.0


class FullAnswers:
    """Answers by slot, made by whoever asks first; `get` never waits longer than _PATIENCE for somebody else."""

    def __init__(self) -> None:
        # Each maker asks the ledger and the gate. In a release thousands of slots are full at once, and nobody may wait
        # for them all. `most`: slots and languages, somewhat over a kilobyte each.
        self.store = Store(most=8000, makers=2)

    def get(self, key: str, *, whole: Make, bare: Make) -> HttpResponse:
        """The answer with everything in it, at most a second old or, while the next one is made, somewhat more.

        `bare` makes one that asks nobody, for whoever comes while there is no other.
        """
        kept = self.store.get(key)
        if kept is not None and kept.is_younger_than(_FRESH):
            return _response(kept)
        waiting = self.store.begin(key)
        if waiting is None:
            return self._made(key, whole)
        if kept is None or not kept.is_younger_than(_USABLE):
            # Reading of tokens and slots may have taken a connection; the maker needs one.
            let_go()
            waiting.wait(_PATIENCE)
            kept = self.store.get(key)
        return _response(kept) if kept is not None and kept.is_younger_than(_USABLE) else bare()

    def _made(self, key: str, whole: Make) -> HttpResponse:
        try:
            kept = self.store.get(key)
            if kept is None or not kept.is_younger_than(_FRESH):
                made = whole()
                kept = KeptAnswer(made.content, dict(made.items()), time.monotonic())
                self.store.put(key, kept)
            return _response(kept)
        finally:
            self.store.done(key)


def _response(kept: KeptAnswer) -> HttpResponse:
    return HttpResponse(kept.body, status=409, headers=kept.headers)
