"""Signing in and out."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import codes, devices, tokens
from accounts.addresses import address_of
from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.serializers import CodeIn, CodeOut, PhoneIn, TicketIn, TokenOut
from accounts.api.views import PRIVATE, ApiView
from accounts.channels import NotSent
from accounts.identity import ticket
from accounts.identity.vouched import NotVouched
from accounts.models import User
from accounts.sign_in import MayNotEnter, send_code, token_for, user_by_code, user_vouched_for
from accounts.wording import code_wrong


class _SignInView(ApiView):
    authentication_classes: Any = []
    permission_classes = [AllowAny]

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(_problem_of(exc) or exc)

    def device(self, request: Request, said: str | None) -> str:
        """Which device calls; see accounts/devices.py."""
        return devices.of_app(said, address=address_of(request._request))

    def shown(self, user: User, now: datetime) -> Response:
        """201 with a new token for the account."""
        token, expires_at = token_for(user, now=now)
        shown = {"token": token, "expires_at": timezone.localtime(expires_at).isoformat()}
        return Response(shown, status=201, headers=PRIVATE)


class CodesView(_SignInView):
    @extend_schema(request=PhoneIn, responses={202: CodeOut, **problems(400, 413, 415, 429, 503)}, auth=[])
    def post(self, request: Request) -> Response:
        """Send a sign-in code to a phone; the answer is the same whether or not the number is known.

        The code works only for the `device` that asked for it; without one, only from the same network address.
        """
        wanted = PhoneIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        code = send_code(
            wanted.validated_data["phone"],
            device=self.device(request, wanted.validated_data.get("device")),
            address=address_of(request._request),
            language=self.language,
        )
        return Response({"demonstration_code": code} if code else {}, status=202, headers=PRIVATE)


class TokensView(_SignInView):
    @extend_schema(request=CodeIn, responses={201: TokenOut, **problems(400, 401, 403, 413, 415, 503)}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange a code for a token."""
        wanted = CodeIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        given, now = wanted.validated_data, timezone.now()
        device = self.device(request, given.get("device"))
        user = user_by_code(given["phone"], given["code"], device=device, language=self.language, now=now)
        return self.shown(user, now)


class TicketsView(_SignInView):
    @extend_schema(request=TicketIn, responses={201: TokenOut, **problems(400, 401, 403, 404, 413, 415)}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange a ticket of the city app's server for a token; a ticket works once.

        404 where the city has no app that gives tickets.
        """
        if not ticket.is_on():
            raise Http404
        wanted = TicketIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        given, now = wanted.validated_data, timezone.now()
        vouched = ticket.exchange(given["ticket"], now=now)
        said = given.get("device")
        user = user_vouched_for(vouched, device=f"api:{said}" if said else None, language=self.language, now=now)
        return self.shown(user, now)


class CurrentTokenView(ApiView):
    @extend_schema(responses={204: None, **problems(401)})
    def delete(self, request: Request) -> Response:
        """Sign out: this token is dead at once."""
        tokens.revoke(request.user.claims, timezone.now())  # type: ignore[union-attr]
        return Response(status=204)


def _problem_of(exc: Exception) -> Problem | None:
    if isinstance(exc, codes.TooManySends):
        words = _("刚刚发过验证码了，请稍等再要一次。")
        return Problem(429, "too_many_requests", words, headers={"Retry-After": str(exc.wait)})
    if isinstance(exc, codes.CodeWrong):
        return Problem(401, "code_wrong", code_wrong(exc.tries_left), tries_left=exc.tries_left)
    if isinstance(exc, codes.CodesDown | NotSent):
        return Problem(503, "busy", _("现在不能发验证码，请过几秒再试。"), headers={"Retry-After": "5"})
    if isinstance(exc, NotVouched):
        return Problem(401, "ticket_refused", _("这张凭证不能用或已用过。请回到城市 App 再打开一次。"))
    if isinstance(exc, MayNotEnter):
        return Problem(403, "forbidden", _("这个账号不能这样登录。需要帮助请打电话。"))
    return None
