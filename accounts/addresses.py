"""Where a request comes from, for counting only: it is never stored readable."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's IPv4 address, or the /64 of an IPv6 one, of which every household has 2^64 addresses."""
    found = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        # The last entry is the proxy's own; what stands before it was said by the caller.
        found = str(request.META.get("HTTP_X_FORWARDED_FOR", found)).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
