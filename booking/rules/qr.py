"""What the QR code holds: 23 digits, so that a scanner can type them through any input method."""

import hmac

VERSION = "1"


def signature(reference: str, key: bytes) -> str:
    """Ten digits that only the holder of the key can make for this reference."""
    digest = hmac.digest(key, b"qr|" + reference.encode(), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 10**10:010d}"


def payload(reference: str, key: bytes) -> str:
    """Version, reference and signature."""
    return VERSION + reference + signature(reference, key)


def reference_of(scanned: str, key: bytes) -> str | None:
    """The reference in a scanned code; None if it is not one of ours or a digit was changed."""
    if len(scanned) != 23 or not scanned.isascii() or not scanned.isdigit() or scanned[0] != VERSION:
        return None
    reference = scanned[1:13]
    return reference if hmac.compare_digest(scanned[13:], signature(reference, key)) else None
