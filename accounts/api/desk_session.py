"""Signing in to the API by the session of a desk. Its calls run without middleware, so the cookie is read here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import desk_sessions
from accounts.desk_sessions import COOKIE
from accounts.models import User

HEADER = "X-Desk"


@dataclass(frozen=True, slots=True)
class DeskClaims:
    """Which session it is, and when it ends."""

    key: str
    expires_at: datetime


class DeskSession(BaseAuthentication):
    """The cookie `desk_session` together with the header `X-Desk: 1`, which no other host's page can send."""

    def authenticate(self, request: Request) -> tuple[User, DeskClaims] | None:
        key = request.COOKIES.get(COOKIE, "")
        if not key:
            return None
        found = None
        if request.headers.get(HEADER) == "1":
            found = desk_sessions.user_of(key, now=timezone.now())
        if found is None:
            raise AuthenticationFailed(_("请先登录。"))
        user, ends = found
        return user, DeskClaims(key, ends)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class DeskSessionScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = DeskSession
    name = "desk"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        words = f"With it the header `{HEADER}: 1` is required."
        return {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": words}


def set_cookie(response: Response, key: str) -> None:
    """Let the browser keep the session as long as it lasts, out of reach of scripts and of other hosts' pages."""
    response.set_cookie(
        COOKIE, key, max_age=settings.DESK_SESSION_SECONDS, path="/", httponly=True, samesite="Strict",
        secure=settings.SECURE,
    )  # fmt: skip


def forget_cookie(response: Response) -> None:
    """Let the browser forget it."""
    response.delete_cookie(COOKIE, path="/", samesite="Strict")
