"""Where a request comes from. For counting, by household and never stored readable; for the audit trail, exactly."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's IPv4 address, or the /64 of an IPv6 one, of which every household has 2^64 addresses."""
    address = _found(request)
    if address is None:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def origin_of(request: HttpRequest) -> str | None:
    """The caller's whole address, for the trail of what administrators do; None if it is not one."""
    address = _found(request)
    return None if address is None else str(address)


def _found(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    said = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        # The last entry is the proxy's own; what stands before it was said by the caller.
        said = str(request.META.get("HTTP_X_FORWARDED_FOR", said)).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
