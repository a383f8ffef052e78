"""The browser's session: begun after a proof, and the cookie by which the browser is known again."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from accounts import devices
from accounts.models import User

DEVICE_COOKIE = "device"
# Browsers keep a cookie no longer.
_DEVICE_SECONDS = 400 * 86_400


def next_of(request: HttpRequest) -> str:
    """Where the caller wants to go on: `next` of the form or the address, if that is a page of ours; else home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(request, wanted) else reverse("home")


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether the address is a page of this site."""
    hosts = {request.get_host()}
    return url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure())


def language_of(request: HttpRequest) -> str:
    """The language of the page, as User.language has it."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def device_of(request: HttpRequest) -> str | None:
    """The browser's device, None if it has no cookie of ours yet."""
    return devices.of_browser(request.COOKIES.get(DEVICE_COOKIE))


def keep_device(response: HttpResponse, cookie: str) -> None:
    """Give the browser the cookie that it is known by."""
    response.set_cookie(
        DEVICE_COOKIE, cookie, max_age=_DEVICE_SECONDS, secure=settings.SECURE, httponly=True, samesite="Lax"
    )


def begin(request: HttpRequest, user: User, *, go_on: str) -> HttpResponse:
    """Begin a session for the account, under a new key, and go on to that page."""
    login(request, user, backend="accounts.backends.ProofBackend")
    request.session.set_expiry(settings.TOKEN_DAYS * 86_400)
    return HttpResponseRedirect(go_on)
