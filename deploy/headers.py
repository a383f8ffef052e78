"""Headers that Django has no setting for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# The desk scans with the camera, and a citizen may ask for what is near; nothing else is used.
_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), browsing-topics=()"


class PermissionsPolicy:
    """Middleware: says which of the browser's powers pages may use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response["Permissions-Policy"] = _POLICY
        return response
