"""Six-digit sign-in codes: kept only as a keyed hash, for five minutes, for five tries.

A code belongs to a receiver (a phone in E.164, or an e-mail address) and to the device that asked for it, and so do
its tries: guesses from elsewhere find no code to guess at, so they neither get a try nor take one from the owner. A
`device` is any text that only the asking browser or app knows; see accounts/devices.py.

Everything is the same for known and unknown receivers. All counts are made by the cache's own atomic steps, so that
guesses at the same moment are counted one by one; without the cache no code is sent and none is accepted.
"""

import hmac
import re
import secrets
import time
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from accounts.encryption import blind_index
from accounts.tries import CannotCount, counted

LIVES_SECONDS = 300
BETWEEN_SENDS_SECONDS = 60
TRIES = 5
SENDS_A_DAY_PER_RECEIVER = 10
# A device is cheap to make up, so this only stops somebody who does not bother.
SENDS_AN_HOUR_PER_DEVICE = 20
# Mobile carriers put thousands of people behind one address.
SENDS_AN_HOUR_PER_ADDRESS = 300
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


def send(receiver: str, *, device: str, address: str, is_known: bool = False) -> str:
    """Make a code for the receiver and return it for delivery. Raises TooManySends and CodesDown.

    A new code replaces the one before of the same device, and its tries. `is_known` says that the device has signed in
    to the receiver's account before: it then has limits of its own, so that strangers who ask for codes for a phone
    cannot use up its owner's.
    """
    _require_cache()
    _limit(f"code:address:{_hidden(address)}", SENDS_AN_HOUR_PER_ADDRESS, 3600)
    if not device.startswith("address:"):
        _limit(f"code:device:{_hidden(device)}", SENDS_AN_HOUR_PER_DEVICE, 3600)
    whose = _key(receiver, device) if is_known else _hidden(receiver)
    _pause(f"code:pause:{whose}")
    _limit(f"code:receiver:{whose}", SENDS_A_DAY_PER_RECEIVER, _DAY)
    _limit("code:all", SENDS_A_MINUTE_IN_ALL, 60)
    code = f"{secrets.randbelow(10**6):06d}"
    key = _key(receiver, device)
    cache.set(f"code:tries:{key}", 0, LIVES_SECONDS + 60)
    cache.set(f"code:hash:{key}", _hash(receiver, device, code), LIVES_SECONDS)
    return code


def take_back(receiver: str, *, device: str) -> None:
    """Forget the code, which could not be delivered; another may be asked for at once."""
    key = _key(receiver, device)
    for name in (f"hash:{key}", f"tries:{key}", f"pause:{key}", f"pause:{_hidden(receiver)}"):
        cache.delete(f"code:{name}")


def is_waiting(receiver: str, *, device: str) -> bool:
    """Whether this device has a code for the receiver that it may still enter."""
    return cache.get(f"code:hash:{_key(receiver, device)}") is not None


def check(receiver: str, code: str, *, device: str) -> None:
    """Accept the code once. Raises CodeWrong with the tries that are left, and CodesDown.

    Blanks and full-width digits do not matter.
    """
    key = _key(receiver, device)
    _require_cache()
    # Counted before it is compared: two guesses at once are then two guesses.
    try:
        used = cache.incr(f"code:tries:{key}")
    except ValueError:
        raise CodeWrong(0) from None
    if used > TRIES:
        raise CodeWrong(0)
    kept = cache.get(f"code:hash:{key}")
    if kept is None or not hmac.compare_digest(kept, _hash(receiver, device, _tidy(code))):
        raise CodeWrong(max(TRIES - used, 0) if kept is not None else 0)
    # Whoever deletes it used it: the same code at the same moment signs in once.
    if not cache.delete(f"code:hash:{key}"):
        raise CodeWrong(0)
    cache.delete(f"code:tries:{key}")


def _tidy(code: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", code[:40]))


def _hidden(text: str) -> str:
    return blind_index("code", text).hex


def _key(receiver: str, device: str) -> str:
    return _hidden(f"{receiver}\x00{device}")


def _hash(receiver: str, device: str, code: str) -> str:
    said = f"code|{receiver}|{device}|{code}"
    return hmac.digest(settings.BLIND_INDEX_KEY, said.encode(), "sha256").hex()


def _pause(key: str) -> None:
    now = int(time.time())
    if not cache.add(key, now + BETWEEN_SENDS_SECONDS, BETWEEN_SENDS_SECONDS):
        until = cache.get(key) or now
        raise TooManySends(min(max(int(until) - now, 1), BETWEEN_SENDS_SECONDS))


def _limit(key: str, most: int, seconds: int) -> None:
    try:
        count = counted(key, seconds=seconds)
    except CannotCount:
        raise CodesDown from None
    if count > most:
        raise TooManySends(seconds)


def _require_cache() -> None:
    cache.set("code:cache-answers", 1, 60)
    if cache.get("code:cache-answers") is None:
        raise CodesDown
