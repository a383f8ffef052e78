"""Errors that no view has answered: problem documents for the API, pages for everybody else."""

import sys

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.api.language import language_of
from accounts.api.problems import problem_response
from booking.models.passing import is_lost, passes
from booking.models.sessions import renew
from booking.web.public import errors as pages


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: an unknown host, a broken header."""
    if not _is_api(request):
        return pages.bad_request(request)
    with _language(request):
        return problem_response(400, "malformed", _("请求的内容有问题。请检查后再试。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    if not _is_api(request):
        return pages.forbidden(request)
    with _language(request):
        return problem_response(403, "forbidden", _("您不能这样做。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; also the view of every address below the API's that there is nothing at."""
    if not _is_api(request):
        return pages.not_found(request)
    with _language(request):
        return problem_response(404, "not_found", _("没有找到。请检查后再试。"))


not_found.csrf_exempt = True  # type: ignore[attr-defined]


def failed(request: HttpRequest) -> HttpResponse:
    """500; or 503 while the ledger does not answer."""
    if not _is_api(request):
        return pages.failed(request)
    with _language(request):
        error = sys.exc_info()[1]
        if passes(error):
            if is_lost(error):
                renew()
            return problem_response(503, "busy", _("现在人很多，请过几秒再试。"), headers={"Retry-After": "5"})
        return problem_response(500, "error", _("出了点问题，您的预约没有丢。请稍后再试。"))


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v1/")


def _language(request: HttpRequest) -> translation.override:
    return translation.override(language_of(request.headers.get("Accept-Language")))
