"""Six-digit sign-in codes: kept only as a keyed hash, for five minutes, for five tries.

Everything is the same for known and unknown phones. All counts are made by the cache's own atomic steps, so that
guesses at the same moment are counted one by one; without the cache no code is sent and none is accepted.
"""

import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from accounts.encryption import blind_index

LIVES_SECONDS = 300
BETWEEN_SENDS_SECONDS = 60
TRIES = 5
SENDS_A_DAY_PER_PHONE = 10
SENDS_AN_HOUR_PER_ADDRESS = 60
SENDS_A_MINUTE_IN_ALL = 3000
_DAY = 86_400


class CodesDown(Exception):
    """The cache does not answer, so tries could not be counted: nothing was sent or accepted."""


class TooManySends(Exception):
    """Ask again after `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__("too many sends")
        self.wait = wait


@dataclass
class CodeWrong(Exception):
    """The code is wrong, or there is none (any more)."""

    tries_left: int


def send(phone: str, *, address: str) -> str:
    """Make a code for the phone (E.164) and return it for delivery. Raises TooManySends and CodesDown.

    A new code replaces the one before, and its tries.
    """
    key = _key(phone)
    _require_cache()
    if not cache.add(f"code:pause:{key}", 1, BETWEEN_SENDS_SECONDS):
        raise TooManySends(BETWEEN_SENDS_SECONDS)
    _limit(f"code:phone:{key}", SENDS_A_DAY_PER_PHONE, _DAY)
    _limit(f"code:address:{blind_index('address', address)}", SENDS_AN_HOUR_PER_ADDRESS, 3600)
    _limit("code:all", SENDS_A_MINUTE_IN_ALL, 60)
    code = f"{secrets.randbelow(10**6):06d}"
    cache.set(f"code:tries:{key}", 0, LIVES_SECONDS + 60)
    cache.set(f"code:hash:{key}", _hash(phone, code), LIVES_SECONDS)
    return code


def check(phone: str, code: str) -> None:
    """Accept the code once. Raises CodeWrong with the tries that are left, and CodesDown."""
    key = _key(phone)
    _require_cache()
    # Counted before it is compared: two guesses at once are then two guesses.
    try:
        used = cache.incr(f"code:tries:{key}")
    except ValueError:
        raise CodeWrong(0) from None
    if used > TRIES:
        raise CodeWrong(0)
    kept = cache.get(f"code:hash:{key}")
    if kept is None or not hmac.compare_digest(kept, _hash(phone, code)):
        raise CodeWrong(max(TRIES - used, 0))
    # Whoever deletes it used it: the same code at the same moment signs in once.
    if not cache.delete(f"code:hash:{key}"):
        raise CodeWrong(0)
    cache.delete(f"code:tries:{key}")


def _key(phone: str) -> str:
    return blind_index("code", phone).hex


def _hash(phone: str, code: str) -> str:
    return hmac.digest(settings.BLIND_INDEX_KEY, f"code|{phone}|{code}".encode(), "sha256").hex()


def _limit(key: str, most: int, seconds: int) -> None:
    cache.add(key, 0, seconds)
    try:
        count = cache.incr(key)
    except ValueError:
        return
    if count > most:
        raise TooManySends(seconds)


def _require_cache() -> None:
    cache.set("code:cache-answers", 1, 60)
    if cache.get("code:cache-answers") is None:
        raise CodesDown
