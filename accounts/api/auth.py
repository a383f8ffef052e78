"""Signing in and out."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import codes, tokens
from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.serializers import CodeIn, CodeOut, PhoneIn, TokenOut
from accounts.api.views import PRIVATE, ApiView
from accounts.sign_in import exchange_code, send_code


class _SignInView(ApiView):
    authentication_classes: Any = []
    permission_classes = [AllowAny]

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, codes.TooManySends):
            words = _("刚刚发过验证码了，请稍等再要一次。")
            exc = Problem(429, "too_many_requests", words, headers={"Retry-After": str(exc.wait)})
        elif isinstance(exc, codes.CodeWrong):
            words = _("验证码不对，还可以再试 %(left)d 次。") % {"left": exc.tries_left}
            if not exc.tries_left:
                words = _("验证码不对或已过期，请重新获取。")
            exc = Problem(401, "code_wrong", words, tries_left=exc.tries_left)
        elif isinstance(exc, codes.CodesDown):
            exc = Problem(503, "busy", _("现在不能发验证码，请过几秒再试。"), headers={"Retry-After": "5"})
        return super().handle_exception(exc)


class CodesView(_SignInView):
    @extend_schema(request=PhoneIn, responses={202: CodeOut, **problems(400, 413, 415, 429, 503)}, auth=[])
    def post(self, request: Request) -> Response:
        """Send a sign-in code to a phone; the answer is the same whether or not the number is known."""
        wanted = PhoneIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        address = str(request.META.get("REMOTE_ADDR", ""))
        code = send_code(wanted.validated_data["phone"], address=address)
        return Response({"demonstration_code": code} if code else {}, status=202, headers=PRIVATE)


class TokensView(_SignInView):
    @extend_schema(request=CodeIn, responses={201: TokenOut, **problems(400, 401, 413, 415, 503)}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange a code for a token."""
        wanted = CodeIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        phone, code = wanted.validated_data["phone"], wanted.validated_data["code"]
        token, expires_at = exchange_code(phone, code, now=timezone.now())
        shown = {"token": token, "expires_at": timezone.localtime(expires_at).isoformat()}
        return Response(shown, status=201, headers=PRIVATE)


class CurrentTokenView(ApiView):
    @extend_schema(responses={204: None, **problems(401)})
    def delete(self, request: Request) -> Response:
        """Sign out: this token is dead at once."""
        tokens.revoke(request.user.claims, timezone.now())  # type: ignore[union-attr]
        return Response(status=204)
