"""The frame of every page: language and text size, kept in cookies so that they hold before anybody signs in."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from booking.queries.pause import last_known, pause_now

TEXT_SIZES = (("standard", _("标准")), ("large", _("大字")), ("largest", _("特大字")))
_YEAR = 365 * 86_400


def asked_size(request: HttpRequest) -> str:
    """The text size that the reader chose, empty if none was chosen yet."""
    wanted = request.COOKIES.get(settings.TEXT_SIZE_COOKIE, "")
    return wanted if wanted in dict(TEXT_SIZES) else ""


def installation(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page: a demonstration or not, the phone people may call, text size, a running pause."""
    return {**without_the_ledger(request), "pause": pause_now()}


def without_the_ledger(request: HttpRequest) -> dict[str, Any]:
    """The same for pages that must come without asking anybody."""
    return {
        "pause": last_known(),
        "demonstration": settings.DEMONSTRATION,
        "help_phone": settings.HELP_PHONE,
        "text_size": asked_size(request) or TEXT_SIZES[0][0],
    }


def next_of(request: HttpRequest) -> str:
    """Where the caller wants to go on: `next` of the form or the address, if that is a page of ours; else home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if ours else reverse("home")


def account_of(request: HttpRequest) -> int:
    """The account of a caller who has signed in; for views behind login_required."""
    assert request.user.pk is not None
    return request.user.pk


def text_size(request: HttpRequest) -> HttpResponse:
    """Choose one of three sizes."""
    return render(request, "text_size.html", {"sizes": TEXT_SIZES, "next": next_of(request)})


def set_text_size(request: HttpRequest, size: str) -> HttpResponse:
    """Remember the size and go on where the caller was."""
    if size not in dict(TEXT_SIZES):
        raise Http404
    return _remember(request, settings.TEXT_SIZE_COOKIE, size)


def set_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and go on where the caller was."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, code)


def _remember(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    # A cookie by GET: it changes nothing but how pages look, and works from a page that is cached for everybody.
    response = HttpResponseRedirect(next_of(request))
    response.set_cookie(cookie, value, max_age=_YEAR, secure=settings.SECURE, httponly=True, samesite="Lax")
    response["Cache-Control"] = "no-store"
    return response
