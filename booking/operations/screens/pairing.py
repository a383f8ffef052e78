"""A screen in the waiting room shows a code; a supervisor types it at the desk, and it is the site's."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction

from accounts.encryption import blind_index
from accounts.tries import CannotCount, counted
from booking.models import PublicScreen
from booking.operations.refusals import NotFound
from sites.models import Site

CODE_SECONDS = 600
# New codes for one network address in an hour: a clinic's screens share one.
CODES_AN_HOUR = 60
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Code:
    """Six digits, and until when they may be typed."""

    digits: str
    until: datetime


def new_secret() -> str:
    """What a screen's cookie holds."""
    return secrets.token_urlsafe(32)


def known_by(secret: str) -> UUID:
    """The keyed hash by which a cookie is known; the cookie itself is kept nowhere."""
    return blind_index("screen", secret)


def code_for(secret: UUID, *, address: str, now: datetime) -> Code | None:
    """The code that this screen is to show: the same for ten minutes, then another.

    None while the address has asked for too many, or nothing can be counted.
    """
    shown_key = f"screen:shown:{secret}"
    shown: Code | None = cache.get(shown_key)
    if shown is not None:
        return shown
    try:
        if counted(f"screen:codes:{address}", seconds=3600) > CODES_AN_HOUR:
            return None
    except CannotCount:
        return None
    code = Code(f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}", now + timedelta(seconds=CODE_SECONDS))
    # Nobody else shows these digits; else it is another code two seconds later.
    if not cache.add(f"screen:code:{code.digits}", secret.hex, CODE_SECONDS):
        return None
    cache.set(shown_key, code, CODE_SECONDS)
    return code


def pair(digits: str, *, site: Site, by: int, now: datetime) -> PublicScreen:
    """Make the screen that shows these digits the site's. Raises NotFound where none does any more."""
    key = f"screen:code:{digits}"
    known = cache.get(key)
    if known is None:
        raise NotFound(what="screen")
    try:
        with transaction.atomic():
            screen = PublicScreen.objects.create(site=site, secret=UUID(known), paired_by_id=by, paired_at=now)
    except IntegrityError:
        # Paired in this moment, by somebody else.
        raise NotFound(what="screen") from None
    cache.delete_many([key, f"screen:shown:{UUID(known)}"])
    return screen


def end(screen_id: UUID, *, site: Site, now: datetime) -> None:
    """The screen shows nothing of the site from now on; a second time changes nothing. Raises NotFound."""
    found = PublicScreen.objects.filter(pk=screen_id, site=site)
    if not found.exists():
        raise NotFound(what="screen")
    found.filter(ended_at=None).update(ended_at=now)
