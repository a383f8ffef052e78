"""Every request has a number of its own: in its answer, in each line of the log, and on the page that says sorry."""

import random
import re
from contextvars import ContextVar

# What a proxy makes: 32 hexadecimal digits. Nothing else is taken over, so that nobody writes what they like into logs.
_WELL_FORMED = re.compile(r"[0-9a-f]{32}").fullmatch
_current: ContextVar[str] = ContextVar("request_id", default="")


def begin(said: str | None) -> str:
    """The number of the request that begins now, for this thread or greenlet: the proxy's, or a new one."""
    number = said if said and _WELL_FORMED(said) else f"{random.getrandbits(128):032x}"
    _current.set(number)
    return number


def current() -> str:
    """The number of the request that is being answered; empty outside of one."""
    return _current.get()


def to_be_read_out() -> str:
    """As citizens tell it to the hotline: enough of the number to find it on a day, in two groups."""
    number = _current.get()
    return f"{number[:4]}-{number[4:8]}" if number else ""
