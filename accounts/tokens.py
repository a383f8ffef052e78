"""API tokens: signed, so that reading one needs no SQL; revocable, so that signing out works at once.

The truth is the RevokedToken table for single tokens, and User.epoch for all of an account. The cache holds a copy
with a sentinel that says that it is complete: an emptied cache is filled again from the tables, and a signed-out token
never comes alive.
"""

import hmac
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import RevokedToken, User
from accounts.pieces import in_pieces
from accounts.signing_secrets import signing_secrets

# One hash tag for all: on a cluster they are lost together, or a copy would call itself complete that is not.
_LOADED = "{revoked}:loaded"
# What the cache did not take because it was away, with seconds to live: it is told as soon as it is back.
_owed: dict[str, tuple[int, int]] = {}


class TokenRefused(Exception):
    """The token is not one of ours, has expired, or was signed out."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: whose it is, which one it is, until when it is good, and from which epoch of the account."""

    user_id: int
    token_id: str
    expires_at: datetime
    epoch: int = 0


def issue(user_id: int, now: datetime, *, epoch: int = 0) -> tuple[str, datetime]:
    """A new token for the account in its present epoch, and when it expires."""
    expires_at = now + timedelta(days=settings.TOKEN_DAYS)
    said = f"{user_id}.{secrets.token_hex(8)}.{int(expires_at.timestamp())}.{epoch}"
    return f"{said}.{_signature(said, settings.SECRET_KEY)}", expires_at


def _signature(said: str, secret: str) -> str:
    return urlsafe_b64encode(hmac.digest(_key(secret), said.encode(), "sha256")).decode().rstrip("=")


# Derived once: every call of the API checks a signature.
@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return salted_hmac("accounts.token", "key", secret=secret, algorithm="sha256").digest()


def read(token: str, now: datetime) -> Claims:
    """What the token says. Raises TokenRefused. Neither SQL nor cache is asked: see is_revoked."""
    claims = _said_by(token)
    if claims.expires_at <= now:
        raise TokenRefused
    return claims


# Who books sends the same token with every call, and what a good signature says does not change.
@lru_cache(maxsize=20_000)
def _said_by(token: str) -> Claims:
    try:
        said, _, signature = token.rpartition(".")
        if not any(constant_time_compare(signature, _signature(said, secret)) for secret in signing_secrets()):
            raise TokenRefused
        user_id, token_id, expires, epoch = said.split(".")
        return Claims(int(user_id), token_id, datetime.fromtimestamp(int(expires), UTC), int(epoch))
    except ValueError:
        raise TokenRefused from None


# --- Signed out? ------------------------------------------------------------------------------------------------------


def _token_key(token_id: str) -> str:
    return f"{{revoked}}:{token_id}"


def _epoch_key(user_id: int | str) -> str:
    return f"{{revoked}}:epoch:{user_id}"


def revocation_keys(claims: Claims) -> tuple[str, str, str]:
    """The cache's own names of what `is_revoked` reads, for a caller that reads them beside something else."""
    loaded, token, epoch = _cache_names()
    return loaded, token + claims.token_id, f"{epoch}{claims.user_id}"


@lru_cache(maxsize=1)
def _cache_names() -> tuple[str, str, str]:
    return cache.make_key(_LOADED), cache.make_key(_token_key("")), cache.make_key(_epoch_key(""))


def is_revoked_by(values: Sequence[Any], claims: Claims) -> bool:
    """The answer from what stood at `revocation_keys`; asks the tables where the cache is not complete."""
    loaded, revoked, epoch = values
    if loaded is None or _owed:
        return is_revoked(claims)
    return revoked is not None or (epoch is not None and int(epoch) > claims.epoch)


def revoked_among(all_claims: Sequence[Claims]) -> set[str]:
    """The ids of those tokens that were signed out; one round trip to the cache, or two statements without it."""
    _pay()
    dead = _dead_by_the_cache(all_claims)
    if dead is None and not cache.is_down:  # type: ignore[attr-defined]
        # One fills it, the others wait: after an outage everybody would read the tables at once.
        with _loading:
            dead = _dead_by_the_cache(all_claims)
            if dead is None:
                _load()
    if dead is not None:
        return dead
    token_ids = [claims.token_id for claims in all_claims]
    signed_out = set(RevokedToken.objects.filter(token_id__in=token_ids).values_list("token_id", flat=True))
    epochs = dict(User.objects.filter(pk__in={claims.user_id for claims in all_claims}).values_list("pk", "epoch"))
    return signed_out | {claims.token_id for claims in all_claims if epochs.get(claims.user_id, 0) > claims.epoch}


_loading = threading.Lock()


def _dead_by_the_cache(all_claims: Sequence[Claims]) -> set[str] | None:
    """Those that the cache knows to be dead; None where it is not complete."""
    keys = [key for claims in all_claims for key in (_token_key(claims.token_id), _epoch_key(claims.user_id))]
    found = cache.get_many([_LOADED, *keys])
    if _LOADED not in found or _owed:
        return None
    return {
        claims.token_id
        for claims in all_claims
        if _token_key(claims.token_id) in found or found.get(_epoch_key(claims.user_id), 0) > claims.epoch
    }


def is_revoked(claims: Claims) -> bool:
    """Whether the token was signed out, alone or with everything of its account."""
    return claims.token_id in revoked_among([claims])


# --- Signing out ------------------------------------------------------------------------------------------------------


def revoke(claims: Claims, now: datetime) -> None:
    """Sign the token out, at once and for good. A second time does no harm."""
    RevokedToken.objects.get_or_create(token_id=claims.token_id, defaults={"expires_at": claims.expires_at})
    _say(_token_key(claims.token_id), 1, max(int((claims.expires_at - now).total_seconds()), 1))


def end_before(user_id: int, epoch: int) -> None:
    """Make every token of an earlier epoch dead at once; User.epoch holds the new one already."""
    # The oldest token that this must stop lives as long as a token lives.
    _say(_epoch_key(user_id), epoch, settings.TOKEN_DAYS * 86_400 + 60)


def _say(key: str, value: int, seconds: int) -> None:
    cache.set(key, value, seconds)
    if cache.get(key) != value:
        _owed[key] = (value, seconds)


def _pay() -> None:
    for key, (value, seconds) in list(_owed.items()):
        cache.set(key, value, seconds)
        if cache.get(key) == value:
            _owed.pop(key, None)


def _load() -> None:
    now = timezone.now()
    for token_id, expires_at in RevokedToken.objects.filter(expires_at__gt=now).values_list("token_id", "expires_at"):
        cache.set(_token_key(token_id), 1, max(int((expires_at - now).total_seconds()), 1))
    for user_id, epoch in in_pieces(User.objects.filter(epoch__gt=0).values_list("pk", "epoch")):
        # Only where nothing stands: somebody may have ended a later epoch meanwhile.
        cache.add(_epoch_key(user_id), epoch, settings.TOKEN_DAYS * 86_400 + 60)
    cache.set(_LOADED, 1, None)
