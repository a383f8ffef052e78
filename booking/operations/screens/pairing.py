"""A screen shows a code; whoever may types it, and it is theirs.

One in a waiting room is typed at the desk and becomes the site's; a city screen is typed in the admin.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction

from accounts.encryption import blind_index
from accounts.tries import CannotCount, counted
from booking.models import PublicScreen
from booking.operations.refusals import NotFound
from sites.models import District, Site

CODE_SECONDS = 600
# New codes for one network address in an hour: a clinic's screens share one.
CODES_AN_HOUR = 60
_DIGITS = 6
# What a code stands for begins with it, if a city screen shows it.
_OF_CITY = "city "


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


def code_for(secret: UUID, *, address: str, now: datetime, of_city: bool = False) -> Code | None:
    """The code that this screen is to show: the same for ten minutes, then another. `of_city`: it is a city screen.

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
    if not cache.add(f"screen:code:{code.digits}", f"{_OF_CITY * of_city}{secret.hex}", CODE_SECONDS):
        return None
    cache.set(shown_key, code, CODE_SECONDS)
    return code


def pair(digits: str, *, site: Site, by: int, now: datetime) -> PublicScreen:
    """Make the screen that shows these digits the site's. Raises NotFound where none does any more."""
    return _pair(digits, by, now, of_city=False, site=site)


def pair_city_screen(digits: str, *, district: District | None, by: int, now: datetime) -> PublicScreen:
    """Have the screen that shows these digits show the city, or one district. Raises NotFound where none does."""
    return _pair(digits, by, now, of_city=True, district=district)


def _pair(digits: str, by: int, now: datetime, *, of_city: bool, **whose: Any) -> PublicScreen:
    key = f"screen:code:{digits}"
    known: str = cache.get(key, "")
    if not known or known.startswith(_OF_CITY) != of_city:
        raise NotFound(what="screen")
    known = known.removeprefix(_OF_CITY)
    try:
        with transaction.atomic():
            screen = PublicScreen.objects.create(secret=UUID(known), paired_by_id=by, paired_at=now, **whose)
    except IntegrityError:
        # Paired in this moment, by somebody else.
        raise NotFound(what="screen") from None
    cache.delete_many([key, f"screen:shown:{UUID(known)}"])
    return screen


def end(screen_id: UUID, *, site: Site | None, now: datetime) -> None:
    """The screen shows nothing any more; a second time changes nothing. Without a site: a city screen.

    Raises NotFound.
    """
    found = PublicScreen.objects.filter(pk=screen_id, site=site)
    if not found.exists():
        raise NotFound(what="screen")
    found.filter(ended_at=None).update(ended_at=now)
