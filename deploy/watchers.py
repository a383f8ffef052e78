"""Who may see how the city stands inside: whoever comes from an agreed address, or knows the token."""

import hmac
import ipaddress
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest

from accounts.addresses import origin_of

# What any proxy adds: then a request from this machine may be anybody's.
_PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_PROTO")


def may_watch(request: HttpRequest) -> bool:
    """True for a caller of METRICS_ADDRESSES who brings METRICS_TOKEN; with neither set, for this machine's own."""
    token, addresses = settings.METRICS["token"], settings.METRICS["addresses"]
    if not token and not addresses:
        return _is_at_home(request)
    return _knows(request, token) and _comes_from(request, addresses)


def _knows(request: HttpRequest, token: str) -> bool:
    scheme, _space, said = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return not token or (scheme.lower() == "bearer" and hmac.compare_digest(said.strip().encode(), token.encode()))


def _comes_from(request: HttpRequest, addresses: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    if not addresses:
        return True
    origin = origin_of(request)
    return origin is not None and any(ipaddress.ip_address(origin) in network for network in addresses)


def _is_at_home(request: HttpRequest) -> bool:
    if any(request.META.get(name) for name in _PASSED_ON):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
