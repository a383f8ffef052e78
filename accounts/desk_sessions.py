"""Signing in at a desk, by username and password, for a shift: a session of our engine, known by a cookie of its own.

It is no session of the pages and a session of the pages is none at a desk: each holds what only its own side reads.
"""

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.utils.crypto import constant_time_compare

from accounts.encryption import blind_index
from accounts.models import User
from accounts.sessions import SessionStore
from accounts.tries import counted, forget

COOKIE = "desk_session"
# Wrong passwords, in so many seconds. A clinic has many desks behind one address.
TRIES_PER_NAME, TRIES_PER_ADDRESS, TRIES_SECONDS = 10, 60, 900
_USER, _HASH, _ENDS = "desk_user", "desk_hash", "desk_ends"
_KEY = re.compile(r"[a-z0-9]{32}")


class TooManyTries(Exception):
    """This name or this address was tried too often; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__("too many tries")
        self.wait = wait


def user_by_password(username: str, password: str, *, address: str) -> User | None:
    """The active account with this username and password; None for every kind of wrong, after the same work.

    `address` is the caller's network address. Raises TooManyTries, and accounts.tries.CannotCount.
    """
    name_key = f"desk:name:{blind_index('desk_name', username.casefold()).hex}"
    address_key = f"desk:address:{address}"
    # Both are counted every time, and before anything is compared: guesses at the same moment count one by one.
    names, addresses = counted(name_key, seconds=TRIES_SECONDS), counted(address_key, seconds=TRIES_SECONDS)
    if names > TRIES_PER_NAME or addresses > TRIES_PER_ADDRESS:
        raise TooManyTries(TRIES_SECONDS)
    user = authenticate(username=username, password=password)
    if user is not None:
        forget(name_key)
    return user if isinstance(user, User) else None


def begin(user: User, *, now: datetime) -> tuple[str, datetime]:
    """The key of a new session of the account, and when it ends."""
    session, ends = SessionStore(), now + timedelta(seconds=settings.DESK_SESSION_SECONDS)
    session[_USER], session[_HASH], session[_ENDS] = user.pk, user.get_session_auth_hash(), int(ends.timestamp())
    session.set_expiry(settings.DESK_SESSION_SECONDS)
    session.create()
    assert session.session_key
    return session.session_key, ends


def user_of(key: str, *, now: datetime) -> tuple[User, datetime] | None:
    """Whose session this is and when it ends; None if it is none, is over, or the account was closed or signed out."""
    if not _KEY.fullmatch(key):
        return None
    session = SessionStore(key)
    ends = session.get(_ENDS, 0)
    if ends <= now.timestamp():
        return None
    user = User.objects.filter(pk=int(session.get(_USER, 0)), is_active=True).first()
    if user is None or not constant_time_compare(session.get(_HASH, ""), user.get_session_auth_hash()):
        return None
    return user, datetime.fromtimestamp(ends, now.tzinfo)


def end(key: str) -> None:
    """End the session, if it is one."""
    if _KEY.fullmatch(key):
        SessionStore(key).delete()
