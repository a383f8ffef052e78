"""Coming in from elsewhere: with a ticket of the city app, or back from an identity provider."""

import logging
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from accounts import devices
from accounts.identity import oidc, ticket
from accounts.identity.vouched import NotVouched, Vouched
from accounts.sign_in import MayNotEnter, user_vouched_for
from accounts.web.session import begin, device_of, keep_device, language_of, next_of
from accounts.web.sign_in import may_not_enter

log = logging.getLogger(__name__)
_NEXT = "oidc_next"


@never_cache
@sensitive_post_parameters("ticket")
@sensitive_variables("given")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Swap a ticket for a session, and go on at once to an address without it.

    Where another site sent the browser here, the person is asked first: it could be somebody else's ticket.
    """
    if not ticket.is_on():
        raise Http404
    given = request.POST.get("ticket") or request.GET.get("ticket") or ""
    _hide_query(request)
    try:
        if request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            ticket.read(given, now=timezone.now())
            response = render(request, "accounts/enter.html", {"ticket": given, "next": next_of(request)})
        else:
            response = _come_in(request, ticket.exchange(given, now=timezone.now()), go_on=next_of(request))
    except NotVouched as refused:
        response = _refused(request, "ticket", refused)
    # The address of this page holds the ticket: no other page may be told it.
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_GET
def oidc_start(request: HttpRequest) -> HttpResponse:
    """Off to the identity provider."""
    if not oidc.is_on():
        raise Http404
    request.session[_NEXT] = next_of(request)
    try:
        return oidc.start(request, return_to=request.build_absolute_uri(reverse("oidc_callback")))
    except NotVouched as refused:
        return _refused(request, "provider", refused)


@never_cache
@require_GET
def oidc_callback(request: HttpRequest) -> HttpResponse:
    """Back from the identity provider."""
    if not oidc.is_on():
        raise Http404
    _hide_query(request)
    go_on = request.session.pop(_NEXT, reverse("home"))
    try:
        response = _come_in(request, oidc.finish(request), go_on=go_on)
    except NotVouched as refused:
        response = _refused(request, "provider", refused)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _hide_query(request: HttpRequest) -> None:
    # The frame of a page links to "this page in larger type": not with what is secret in its address.
    request.GET  # noqa: B018  (parsed and kept before it goes)
    request.META["QUERY_STRING"] = ""


def _come_in(request: HttpRequest, vouched: Vouched, *, go_on: str) -> HttpResponse:
    device, cookie = device_of(request), ""
    if device is None:
        cookie = devices.new_cookie()
        device = f"web:{cookie}"
    try:
        user = user_vouched_for(vouched, device=device, language=language_of(request), now=timezone.now())
    except MayNotEnter:
        return may_not_enter(request)
    response = begin(request, user, go_on=go_on)
    if cookie:
        keep_device(response, cookie)
    return response


def _refused(request: HttpRequest, who: str, refused: NotVouched) -> HttpResponse:
    log.warning("What the %s said was refused (%s).", who, refused.reason)
    again = reverse("sign_in") + "?" + urlencode({"next": next_of(request)})
    return render(request, "accounts/not_vouched.html", {"who": who, "again": again}, status=403)
