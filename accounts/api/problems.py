"""Problem documents (RFC 9457): every error of the API, in words that say what to do next."""

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts import request_ids

CONTENT_TYPE = "application/problem+json"


class Problem(exceptions.APIException):
    """Raise this in a view to answer with a problem document."""

    def __init__(
        self, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **facts: Any
    ) -> None:
        super().__init__(detail=detail, code=code)
        self.status_code = status
        self.code = code
        self.words = detail
        self.headers = headers or {}
        self.facts = facts


def document(status: int, code: str, detail: str, **facts: Any) -> dict[str, Any]:
    """The members of a problem document; of a fault also the request's number, for whoever looks into it."""
    # A no needs nobody to look into it, and is sometimes the same bytes for many.
    number = {"request_id": request_ids.current()} if status >= 500 and request_ids.current() else {}
    return {
        "type": f"urn:vaccine-booking:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **number,
        **facts,
    }


def problem_response(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None, **facts: Any
) -> HttpResponse:
    """A problem document for a view that is not REST framework's."""
    body = json.dumps(document(status, code, detail, **facts), ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler: whatever is raised becomes a problem document."""
    problem = _problem_of(exc)
    if problem is None:
        return None
    set_rollback()
    response = Response(
        document(problem.status_code, problem.code, problem.words, **problem.facts),
        status=problem.status_code,
        headers=problem.headers,
    )
    response.content_type = CONTENT_TYPE
    return response


def _problem_of(exc: Exception) -> Problem | None:
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, Http404 | exceptions.NotFound):
        return Problem(404, "not_found", _("没有找到。请检查后再试。"))
    if isinstance(exc, PermissionDenied | exceptions.PermissionDenied):
        return Problem(403, "forbidden", _("您不能这样做。"))
    if isinstance(exc, RequestDataTooBig):
        return Problem(413, "too_large", _("发送的内容太大。"))
    if isinstance(exc, RecursionError):
        # A few kilobytes of opening brackets.
        return Problem(400, "malformed", _("发送的内容不是有效的 JSON。"))
    if isinstance(exc, exceptions.ValidationError):
        return Problem(400, "invalid", _("有内容要改，请看 errors。"), errors=_errors(exc.detail))
    return _rest_framework_problem(exc) if isinstance(exc, exceptions.APIException) else None


def _rest_framework_problem(exc: exceptions.APIException) -> Problem:
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return Problem(401, "not_signed_in", _("请先登录。"), headers={"WWW-Authenticate": "Bearer"})
    if isinstance(exc, exceptions.MethodNotAllowed):
        return Problem(405, "method_not_allowed", _("这个地址不能这样用。"))
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return Problem(415, "unsupported_media_type", _("请用 application/json 发送。"))
    if isinstance(exc, exceptions.ParseError):
        return Problem(400, "malformed", _("发送的内容不是有效的 JSON。"))
    if isinstance(exc, exceptions.Throttled):
        wait = str(int(getattr(exc, "wait", None) or 1) + 1)
        return Problem(429, "too_many_requests", _("点得太快了，请稍等再试。"), headers={"Retry-After": wait})
    return Problem(exc.status_code, "error", str(exc.detail))


def _errors(detail: Any, field: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        found = []
        for name, value in detail.items():
            inner = field if name == "non_field_errors" else f"{field}.{name}".lstrip(".")
            found += _errors(value, inner)
        return found
    if isinstance(detail, list):
        return [error for value in detail for error in _errors(value, field)]
    return [{"field": field, "message": str(detail)}]
