"""Around every request, whichever way it is answered: its number, its door, how it ended and how long it took."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from accounts import request_ids
from booking.metrics import POOL_CONNECTIONS, POOL_WAITING, REQUEST_SECONDS, REQUESTS

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

# By the first part of the path, which is never an id; whatever else there is are the citizens' pages.
_BY_FIRST = {
    "api": "api", "admin": "admin", "desk": "desk", "screen": "screen", "queue": "queue", "static": "static",
    "health": "health", "metrics": "health",
}  # fmt: skip
_APART = {"429", "503"}
_LOOK_EVERY = 1.0

# Looking a label up costs as much as counting.
_requests: dict[tuple[str, str], Any] = {}
_seconds: dict[str, Any] = {}


def door_of(method: str, path: str) -> str:
    """By which door a request came; `booking` is the one call that everybody makes in the same minute."""
    if path == "/api/v1/appointments" and method == "POST":
        return "booking"
    if path.startswith("/api/v1/desk/"):
        return "desk"
    return _BY_FIRST.get(path[1:].partition("/")[0], "pages")


class Recorded:
    """A WSGI application that is counted and timed; each answer carries its request's number."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._look_again = 0.0

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        began = time.perf_counter()
        number = request_ids.begin(environ.get("HTTP_X_REQUEST_ID"))

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            now = time.perf_counter()
            _count(door_of(environ["REQUEST_METHOD"], environ["PATH_INFO"]), status[:3], now - began)
            if now > self._look_again:
                self._look_again = now + _LOOK_EVERY
                _look_at_pool()
            headers.append(("X-Request-ID", number))
            return start_response(status, headers, *rest)

        return self._application(environ, start)


def _count(door: str, status: str, seconds: float) -> None:
    key = (door, status)
    child = _requests.get(key)
    if child is None:
        child = _requests[key] = REQUESTS.labels(door, status if status in _APART else f"{status[:1]}xx")
        _seconds.setdefault(door, REQUEST_SECONDS.labels(door))
    child.inc()
    _seconds[door].observe(seconds)


def _look_at_pool() -> None:
    # Not before Django is set up, which is after this module is read.
    from booking.models.sessions import open_pool

    pool = open_pool()
    if pool is None:
        return
    stats = pool.get_stats()
    size, idle = stats.get("pool_size", 0), stats.get("pool_available", 0)
    POOL_CONNECTIONS.labels("idle").set(idle)
    POOL_CONNECTIONS.labels("used").set(size - idle)
    POOL_WAITING.set(stats.get("requests_waiting", 0))
