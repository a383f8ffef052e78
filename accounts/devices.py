"""Browsers and apps, told apart by a random text that each keeps.

`web:…` is the value of a long-lived cookie, `api:…` what an app sends as `device`. An app that sends none is known by
its network address: then a code works from the address that asked for it, and no device is remembered.
"""

import re
import secrets
from datetime import datetime

from accounts.encryption import blind_index
from accounts.models import KnownDevice, User

_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")


def new_cookie() -> str:
    """A value for a browser that has none."""
    return secrets.token_urlsafe(32)


def of_browser(cookie: str | None) -> str | None:
    """The device of a browser with this cookie; None if it has none that we made."""
    return f"web:{cookie}" if cookie and _COOKIE.fullmatch(cookie) else None


def of_app(said: str | None, *, address: str) -> str:
    """The device of an app that says this, or else that calls from this address."""
    return f"api:{said}" if said else f"address:{address}"


def is_known(receiver: str, device: str) -> bool:
    """Whether the account of this phone or e-mail address has signed in on the device. One statement in any case."""
    kind = "email" if "@" in receiver else "phone"
    account = {f"user__{kind}_index": blind_index(kind, receiver)}
    return KnownDevice.objects.filter(device=blind_index("device", device), **account).exists()


def remember(user: User, device: str | None, *, now: datetime) -> bool:
    """Remember that the account is used on the device. True if it is a new one of an account that has others."""
    if device is None or device.startswith("address:"):
        return KnownDevice.objects.filter(user=user).exists()
    row, is_first = KnownDevice.objects.get_or_create(
        user=user, device=blind_index("device", device), defaults={"first_seen_at": now, "last_seen_at": now}
    )
    if is_first:
        return KnownDevice.objects.filter(user=user).exclude(pk=row.pk).exists()
    KnownDevice.objects.filter(pk=row.pk).update(last_seen_at=now)
    return False
