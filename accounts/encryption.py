"""Document numbers and phones at rest: AES-GCM with a ring of keys, and a keyed hash to look them up by.

The first key of settings.FIELD_KEYS encrypts; every key of the ring decrypts, so that a new key can be put in
front while the old values are still being rewritten. The blind index has a key of its own: whoever has one of the
two kinds of keys cannot use it for the other purpose.
"""

import hmac
import os
import uuid
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """The value was encrypted with a key that is no longer in the ring, or was changed afterwards."""


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(text: str, *, associated: str) -> bytes:
    """Encrypt for the column named by `associated`; the result cannot be moved to another column."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, text.encode(), f"{key_id}|{associated}".encode())
    return bytes([len(key_id)]) + key_id.encode() + nonce + sealed


def decrypt(stored: bytes, *, associated: str) -> str:
    """Return the text. Raises CannotDecrypt, which never holds the value, if no key of the ring opens it."""
    stored = bytes(stored)
    key_id = stored[1 : 1 + stored[0]].decode(errors="replace") if stored else ""
    key = settings.FIELD_KEYS.get(key_id)
    if key is None:
        raise CannotDecrypt(f"No key {key_id!r} for {associated}.")
    nonce_at = 1 + stored[0]
    nonce, sealed = stored[nonce_at : nonce_at + _NONCE_BYTES], stored[nonce_at + _NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, sealed, f"{key_id}|{associated}".encode()).decode()
    except InvalidTag:
        raise CannotDecrypt(f"A value of {associated} was changed or encrypted for another column.") from None


def blind_index(kind: str, text: str) -> uuid.UUID:
    """The keyed hash (128 bits of HMAC-SHA256) by which an encrypted value is found and kept unique."""
    # Half a character, which JSON can hold and UTF-8 cannot, has an index like anything else.
    said = f"{kind}\x00{text}".encode(errors="surrogatepass")
    digest = hmac.digest(settings.BLIND_INDEX_KEY, said, "sha256")
    return uuid.UUID(bytes=digest[:16])


class EncryptedTextField(models.BinaryField):
    """Text that only exists encrypted in the database. It cannot be filtered by; use a blind index."""

    def __init__(self, *args: Any, associated: str, **kwargs: Any) -> None:
        self.associated = associated
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["associated"] = self.associated
        kwargs["editable"] = self.editable
        return name, path, args, kwargs

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = encrypt(value, associated=self.associated)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(value, associated=self.associated)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        # Never the text itself: fixtures and exports must not carry it.
        return "***" if self.value_from_object(obj) else ""
