"""What a desk's act says about somebody's health, where nothing could be written of it but the act itself.

An act's facts say nothing about health. An act in conflict that has no visit is all there is, so what was answered or
seen stands in it encrypted, for whoever puts it right.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from accounts.encryption import decrypt, encrypt

_FOR = "deskact.sealed"


def seal(data: Mapping[str, Any]) -> str:
    """For an act's facts."""
    return b64encode(encrypt(json.dumps(dict(data), ensure_ascii=False), associated=_FOR)).decode()


def unseal(text: str) -> dict[str, Any]:
    """What was sealed. Raises accounts.encryption.CannotDecrypt."""
    found: dict[str, Any] = json.loads(decrypt(b64decode(text), associated=_FOR))
    return found
