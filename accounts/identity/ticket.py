"""The city app's ticket: a JWT that the app's server signs (HS256) with a key that it shares with us.

Its header names the key (kid); it says iss, aud, sub, iat, exp (at most five minutes later) and jti, and may say
phone_number with phone_number_verified. It works once: its id is a row of the ledger, so that an emptied cache cannot
bring it back.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey

from accounts.encryption import blind_index
from accounts.identity.vouched import NotVouched, Vouched, vouched_by
from accounts.models import UsedTicket

LONGEST_SECONDS = 300
# How far the two servers' clocks may be apart.
LEEWAY_SECONDS = 30
_LONGEST_TICKET = 2000


def is_on() -> bool:
    """Whether this installation takes tickets."""
    return bool(settings.TICKETS["keys"])


def read(ticket: str, *, now: datetime) -> tuple[Vouched, dict[str, Any]]:
    """Who the ticket is about, and its claims; it is not used by that. Raises NotVouched."""
    if not is_on() or len(ticket) > _LONGEST_TICKET:
        raise NotVouched("no ticket")
    keys = _keys(tuple(settings.TICKETS["keys"].items()))
    required: dict[str, Any] = {
        "iss": {"essential": True, "value": settings.TICKETS["issuer"]},
        "aud": {"essential": True, "value": settings.TICKETS["audience"]},
        **{name: {"essential": True} for name in ("sub", "iat", "exp", "jti")},
    }
    try:
        claims = jwt.decode(ticket, keys, algorithms=["HS256"]).claims
        jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=LEEWAY_SECONDS, **required).validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise NotVouched(type(error).__name__) from None
    if claims["exp"] - claims["iat"] > LONGEST_SECONDS:
        raise NotVouched("lives too long")
    return vouched_by(claims), claims


def exchange(ticket: str, *, now: datetime) -> Vouched:
    """Use the ticket up and say who it is about. Raises NotVouched, also for one that was used before."""
    vouched, claims = read(ticket, now=now)
    key = blind_index("ticket", f"{claims['iss']}\x00{claims['jti']}")
    expires_at = datetime.fromtimestamp(claims["exp"] + LEEWAY_SECONDS, UTC)
    try:
        with transaction.atomic():
            UsedTicket.objects.create(ticket=key, expires_at=expires_at)
    except IntegrityError:
        raise NotVouched("used before") from None
    return vouched


@lru_cache(maxsize=4)
def _keys(ring: tuple[tuple[str, bytes], ...]) -> KeySet:
    return KeySet([OctKey.import_key(key, {"kid": key_id, "use": "sig"}) for key_id, key in ring])
