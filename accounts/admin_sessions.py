"""How long an administrator stays signed in, and for how long a code counts as fresh: both not long."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

_BEGAN, _SEEN, _PROVED = "admin_began", "admin_seen", "admin_proved"
# Being seen is written down at most once in so many seconds.
_SEEN_EVERY = 60
# Whoever sits down at somebody else's open browser must not be able to give offices away.
FRESH = timedelta(minutes=10)


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


def proved(session: Any, *, now: datetime) -> None:
    """Note that the second factor was shown just now."""
    session[_PROVED] = int(now.timestamp())


def is_fresh(session: Any, *, now: datetime, filled_in: bool = False) -> bool:
    """Whether the second factor was shown within the last ten minutes.

    `filled_in`: of a form that was opened in time; whoever filled it in for half an hour does not lose it.
    """
    seconds = FRESH.total_seconds() + (settings.ADMIN_IDLE_SECONDS if filled_in else 0)
    return bool(now.timestamp() - session.get(_PROVED, 0) <= seconds)
