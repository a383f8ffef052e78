"""What people see when something is not as it should be. Rendered without session, database or context processors."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from accounts import request_ids
from booking.models.passing import is_lost, passes
from booking.models.sessions import renew
from booking.operations.refusals import Busy
from booking.web.frame import without_the_ledger

_RETRY_SECONDS = 5


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: something came that no page of ours sends."""
    return _page(request, "400.html", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form whose token is missing or old. The reason is for developers and is not shown."""
    return _page(request, "403.html", 403, form_is_old=True)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not for this person."""
    return _page(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(request, "404.html", 404)


def failed(request: HttpRequest) -> HttpResponse:
    """500; or 503 where waiting helps: the ledger does not answer, or too many ask at once."""
    error = sys.exc_info()[1]
    if isinstance(error, Busy) or passes(error):
        if is_lost(error):
            renew()
        response = _page(request, "busy.html", 503, incident=request_ids.to_be_read_out())
        response["Retry-After"] = str(_RETRY_SECONDS)
        return response
    return _page(request, "500.html", 500, incident=request_ids.to_be_read_out())


def _page(request: HttpRequest, template: str, status: int, **facts: Any) -> HttpResponse:
    # The request is handed over as a value: with render() it would bring the context processors.
    body = render_to_string(template, {"request": request, **without_the_ledger(request), **facts})
    return HttpResponse(body, status=status, headers={"Cache-Control": "no-store"})
