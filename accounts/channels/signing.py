"""Signing what goes to another server and what comes from one: HMAC-SHA-256 over the time, a dot and the body.

    Message-Timestamp: 1795658400
    Message-Signature: 5a0c…  (hexadecimal HMAC-SHA-256 of "1795658400." + the body as sent, with the shared secret)

Whoever receives it computes the same over the bytes that came, before reading them, compares in constant time, and
refuses what is more than five minutes off.
"""

import hmac
from datetime import datetime, timedelta

TIMESTAMP, SIGNATURE = "Message-Timestamp", "Message-Signature"
# How far two servers' clocks and the way between them may be apart.
LEEWAY = timedelta(minutes=5)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of the body at this time (seconds since 1970)."""
    return hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()


def headers(secret: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """The two headers that go with the body."""
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: signature(secret, timestamp, body)}


def is_genuine(secret: str, timestamp: str, said: str, body: bytes, *, now: datetime) -> bool:
    """Whether the body was signed with the secret within the last five minutes."""
    if not secret or not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    right = signature(secret, timestamp, body)
    is_right = hmac.compare_digest(right.encode(), said.encode(errors="replace"))
    return is_right and abs(now.timestamp() - int(timestamp)) <= LEEWAY.total_seconds()
