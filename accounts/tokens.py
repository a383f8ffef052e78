"""API tokens: signed, so that reading one needs no SQL; revocable, so that signing out works at once.

The revocations' truth is the RevokedToken table. The cache holds a copy with a sentinel that says that it is complete:
an emptied cache is filled again from the table, and a signed-out token never comes alive.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import RevokedToken

# Derived once: every call of the API checks a signature.
_KEY = salted_hmac("accounts.token", "key", algorithm="sha256").digest()
_LOADED = "revoked:loaded"


class TokenRefused(Exception):
    """The token is not one of ours, has expired, or was signed out."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: whose it is, which one it is, and until when it is good."""

    user_id: int
    token_id: str
    expires_at: datetime


def issue(user_id: int, now: datetime) -> tuple[str, datetime]:
    """A new token for the account, and when it expires."""
    expires_at = now + timedelta(days=settings.TOKEN_DAYS)
    said = f"{user_id}.{secrets.token_hex(8)}.{int(expires_at.timestamp())}"
    return f"{said}.{_signature(said)}", expires_at


def _signature(said: str) -> str:
    return urlsafe_b64encode(hmac.digest(_KEY, said.encode(), "sha256")).decode().rstrip("=")


def read(token: str, now: datetime) -> Claims:
    """What the token says. Raises TokenRefused. Neither SQL nor cache is asked: see is_revoked."""
    try:
        said, _, signature = token.rpartition(".")
        if not constant_time_compare(signature, _signature(said)):
            raise TokenRefused
        user_id, token_id, expires = said.split(".")
        claims = Claims(int(user_id), token_id, datetime.fromtimestamp(int(expires), UTC))
    except ValueError:
        raise TokenRefused from None
    if claims.expires_at <= now:
        raise TokenRefused
    return claims


def _key(token_id: str) -> str:
    return f"revoked:{token_id}"


def revocation_keys(token_id: str) -> tuple[str, str]:
    """The cache's own names of what `is_revoked` reads, for a caller that reads them beside something else."""
    loaded, prefix = _cache_names()
    return loaded, prefix + token_id


@lru_cache(maxsize=1)
def _cache_names() -> tuple[str, str]:
    return cache.make_key(_LOADED), cache.make_key(_key(""))


def is_revoked_by(values: Sequence[object], token_id: str) -> bool:
    """The answer from what stood at `revocation_keys`; asks the table where the cache is not complete."""
    loaded, revoked = values
    return revoked is not None if loaded is not None else is_revoked(token_id)


def revoked_among(token_ids: Sequence[str]) -> set[str]:
    """Those of the tokens that were signed out; one round trip to the cache, or one statement without it."""
    found = cache.get_many([_LOADED, *(_key(token_id) for token_id in token_ids)])
    if _LOADED in found:
        return {token_id for token_id in token_ids if _key(token_id) in found}
    _load()
    return set(RevokedToken.objects.filter(token_id__in=token_ids).values_list("token_id", flat=True))


def is_revoked(token_id: str) -> bool:
    """Whether the token was signed out."""
    return token_id in revoked_among([token_id])


def revoke(claims: Claims, now: datetime) -> None:
    """Sign the token out, at once and for good. A second time does no harm."""
    RevokedToken.objects.get_or_create(token_id=claims.token_id, defaults={"expires_at": claims.expires_at})
    cache.set(_key(claims.token_id), 1, max(int((claims.expires_at - now).total_seconds()), 1))


def _load() -> None:
    now = timezone.now()
    for token_id, expires_at in RevokedToken.objects.filter(expires_at__gt=now).values_list("token_id", "expires_at"):
        cache.set(_key(token_id), 1, max(int((expires_at - now).total_seconds()), 1))
    cache.set(_LOADED, 1, None)
