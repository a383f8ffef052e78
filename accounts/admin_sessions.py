"""How long an administrator stays signed in: not long without doing anything, and never a whole day."""

from datetime import datetime
from typing import Any

from django.conf import settings

_BEGAN, _SEEN = "admin_began", "admin_seen"
# Being seen is written down at most once in so many seconds.
_SEEN_EVERY = 60


def begin(session: Any, *, now: datetime) -> None:
    """Begin the time of a session whose password was right."""
    session[_BEGAN] = session[_SEEN] = int(now.timestamp())
    session.set_expiry(settings.ADMIN_IDLE_SECONDS)


def is_over(session: Any, *, now: datetime) -> bool:
    """Whether nothing was done for too long, or it has lasted too long, or it never began here."""
    moment = now.timestamp()
    began, seen = session.get(_BEGAN, 0), session.get(_SEEN, 0)
    return moment - seen > settings.ADMIN_IDLE_SECONDS or moment - began > settings.ADMIN_SESSION_SECONDS


def seen(session: Any, *, now: datetime) -> None:
    """Note that something was done."""
    if now.timestamp() - session.get(_SEEN, 0) >= _SEEN_EVERY:
        session[_SEEN] = int(now.timestamp())
