"""Ids in links that are short enough for a text message: signed, so that nobody makes one up or alters one."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.signing_secrets import signing_secrets

# 16 bytes of the id and 5 of the signature fill 28 letters exactly.
_SIGNATURE_BYTES = 5
_LENGTH = 28


def signed(what: str, row: UUID) -> str:
    """The id as it may stand in a link; `what` names the kind of link, and one kind is no other."""
    return urlsafe_b64encode(row.bytes + _signature(what, row.bytes, settings.SECRET_KEY)).decode()


def read(what: str, said: str) -> UUID | None:
    """The id, or None for what is none of ours."""
    if len(said) != _LENGTH:
        return None
    try:
        content = urlsafe_b64decode(said.encode("ascii"))
    except ValueError:
        return None
    row, signature = content[:-_SIGNATURE_BYTES], content[-_SIGNATURE_BYTES:]
    genuine = any(hmac.compare_digest(signature, _signature(what, row, secret)) for secret in signing_secrets())
    return UUID(bytes=row) if genuine else None


def _signature(what: str, row: bytes, secret: str) -> bytes:
    return salted_hmac(f"signed id {what}", row.hex(), secret=secret, algorithm="sha256").digest()[:_SIGNATURE_BYTES]
