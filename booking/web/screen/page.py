"""The screen in a site's waiting room. It signs in nobody: a cookie of its own says which site's it is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import address_of
from booking.operations.screens.pairing import code_for, known_by, new_secret
from booking.queries.desk.screens import screen_known_by, screen_state
from booking.queries.moments import moment

COOKIE = "public_screen"
_YEAR = 365 * 86_400


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page, which draws what it asks for; a screen that comes for the first time gets its cookie."""
    response = render(request, "screen/screen.html", {"help_phone": settings.HELP_PHONE})
    if not request.COOKIES.get(COOKIE):
        _give_secret(response)
    return response


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """What to show: the site's state, or the code to be typed at its desk."""
    said, now = request.COOKIES.get(COOKIE, ""), timezone.now()
    if not said:
        # Without cookies it can never be paired; with them the page comes first.
        return JsonResponse({"paired": False, "code": None, "until": None})
    secret = known_by(said)
    screen = screen_known_by(secret)
    if screen is None or screen.site is None:
        code = code_for(secret, address=address_of(request), now=now)
        digits, until = (code.digits, moment(code.until)) if code else (None, None)
        return JsonResponse({"paired": False, "code": digits, "until": until})
    if screen.ended_at is None:
        return JsonResponse({"paired": True, **screen_state(screen.site, now=now)})
    # Its cookie is used up: with a new one it may be paired again.
    response = JsonResponse({"paired": False, "code": None, "until": None})
    _give_secret(response)
    return response


def _give_secret(response: HttpResponse) -> None:
    give_secret(response, COOKIE, reverse("screen"))


def give_secret(response: HttpResponse, cookie: str, path: str) -> None:
    """Give a screen the cookie that it is known by."""
    response.set_cookie(
        cookie,
        new_secret(),
        max_age=_YEAR,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
