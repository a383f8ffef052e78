"""Headers that Django has no setting for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# The desk scans with the camera, and a citizen may ask for what is near; nothing else is used.
_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), browsing-topics=()"

# What answers that are no pages say, to whoever opens one in a browser: nothing in it runs, and nobody frames it.
_OF_NO_PAGE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def protect(response: HttpResponseBase) -> None:
    """Give an answer of the API the headers that pages get from the middleware."""
    for name, value in _OF_NO_PAGE.items():
        response[name] = value
    if settings.SECURE_HSTS_SECONDS:
        response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"


class PermissionsPolicy:
    """Middleware: says which of the browser's powers pages may use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response["Permissions-Policy"] = _POLICY
        return response
