"""The admin only exists for the networks that the city names; from anywhere else there is nothing at its addresses."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.addresses import origin_of


class AdminAddresses:
    """Middleware: 404 for /admin/ and everything below it, sign-in included, outside settings.ADMIN_ADDRESSES."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.ADMIN_ADDRESSES and _is_admin(request) and not _may_reach(origin_of(request)):
            raise Http404
        return self._get_response(request)


def _is_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith(reverse("admin:index"))


def _may_reach(origin: str | None) -> bool:
    if origin is None:
        return False
    address = ipaddress.ip_address(origin)
    return any(address in network for network in settings.ADMIN_ADDRESSES)
