"""Signing in to the API by bearer token, without SQL."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.models import User


class SignedInCitizen:
    """Who holds the token. The account's row is read only when asked for."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, claims: tokens.Claims) -> None:
        self.claims = claims
        self.id = self.pk = claims.user_id

    def account(self) -> User:
        """The account's row. Raises AuthenticationFailed if it was closed since."""
        row = User.objects.filter(pk=self.id, is_active=True).first()
        if row is None:
            raise AuthenticationFailed(_("请先登录。"))
        return row


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer TOKEN`."""

    def authenticate(self, request: Request) -> tuple[Any, tokens.Claims] | None:
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if not scheme:
            return None
        try:
            if scheme.lower() != "bearer":
                raise tokens.TokenRefused
            claims = tokens.read(token.strip(), timezone.now())
            if tokens.is_revoked(claims):
                raise tokens.TokenRefused
        except tokens.TokenRefused:
            raise AuthenticationFailed(_("请先登录。")) from None
        return SignedInCitizen(claims), claims

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerTokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
