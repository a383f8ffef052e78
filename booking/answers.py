"""Answers that are the same for everybody, of the API and of pages: made at most once a second in each process.

What was rendered is kept before a view is reached; a repeat costs a look-up, and with If-None-Match only a 304. While
one caller makes the next answer, the others get the one before.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from booking.metrics import WAITS

_MOST_ENTRIES = 2000
_MOST_BYTES = 64 * 1024 * 1024
# Somebody who waits longer than this for the first answer makes one alone.
_PATIENCE_SECONDS = 5

Make = Callable[[], HttpResponse]
_NOBODY = threading.Event()
_NOBODY.set()


@dataclass(slots=True)
class KeptAnswer:
    """What was sent, and when it was made."""

    body: bytes
    headers: dict[str, str]
    made_at: float

    def is_younger_than(self, seconds: float) -> bool:
        return time.monotonic() - self.made_at <= seconds


class Store:
    """Answers by key; the least used go when there are too many. At most `makers` callers make one at a time."""

    def __init__(self, *, most: int = _MOST_ENTRIES, makers: int | None = None) -> None:
        self._most, self._makers = most, makers
        self.lock = threading.Lock()
        self._kept: OrderedDict[str, KeptAnswer] = OrderedDict()
        self._making: dict[str, threading.Event] = {}
        self._bytes = 0

    def get(self, key: str) -> KeptAnswer | None:
        kept = self._kept.get(key)
        if kept is not None:
            with self.lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
        return kept

    def put(self, key: str, kept: KeptAnswer) -> None:
        with self.lock:
            before = self._kept.pop(key, None)
            self._bytes += len(kept.body) - (len(before.body) if before else 0)
            self._kept[key] = kept
            while len(self._kept) > self._most or self._bytes > _MOST_BYTES:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped.body)

    def begin(self, key: str) -> threading.Event | None:
        """None if this caller is to make the answer, else the event that tells that somebody has.

        The event is there already where nobody makes it, because there are as many makers as there may be.
        """
        with self.lock:
            if key in self._making:
                return self._making[key]
            if self._makers is not None and len(self._making) >= self._makers:
                return _NOBODY
            self._making[key] = threading.Event()
            return None

    def done(self, key: str) -> None:
        with self.lock:
            self._making.pop(key).set()

    def clear(self) -> None:
        with self.lock:
            self._kept.clear()
            self._bytes = 0


store = Store()


def kept_or_made(request: HttpRequest, key: str, make: Make, *, headers: Mapping[str, str]) -> HttpResponse:
    """The answer under this key if it is not older than settings.PUBLIC_SECONDS, else what `make` returns.

    Only 200 answers to GET are kept; they get an ETag and these headers. The key must name everything that the answer
    depends on, and nothing of the caller may be in it.
    """
    if request.method != "GET" or not settings.PUBLIC_SECONDS:
        return _made(make, headers)[1]
    kept = store.get(key)
    if kept is None or not kept.is_younger_than(settings.PUBLIC_SECONDS):
        waiting = store.begin(key)
        if waiting is None:
            try:
                made, response = _made(make, headers)
                if made is None:
                    return response
                store.put(key, made)
                kept = made
            finally:
                store.done(key)
        elif kept is None:
            WAITS.labels("answer").inc()
            waiting.wait(_PATIENCE_SECONDS)
            kept = store.get(key)
            if kept is None:
                return _made(make, headers)[1]
    return _answer(request, kept)


def _made(make: Make, extra: Mapping[str, str]) -> tuple[KeptAnswer | None, HttpResponse]:
    response = make()
    if hasattr(response, "render"):
        response.render()
    if response.status_code != 200:
        response["Vary"] = extra["Vary"]
        return None, response
    headers = {
        "Content-Type": response["Content-Type"],
        "ETag": f'"{hashlib.sha256(response.content).hexdigest()[:24]}"',
        **extra,
    }
    for name, value in headers.items():
        response[name] = value
    return KeptAnswer(response.content, headers, time.monotonic()), response


def _answer(request: HttpRequest, kept: KeptAnswer) -> HttpResponse:
    if kept.headers["ETag"] in request.META.get("HTTP_IF_NONE_MATCH", ""):
        return HttpResponse(status=304, headers={k: v for k, v in kept.headers.items() if k != "Content-Type"})
    return HttpResponse(kept.body, headers=kept.headers)
