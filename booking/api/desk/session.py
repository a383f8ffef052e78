"""Signing in and out at a desk."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import desk_sessions, tokens
from accounts.addresses import address_of
from accounts.api.desk_session import DeskClaims, forget_cookie, set_cookie
from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.views import PRIVATE
from accounts.models import User
from accounts.tries import CannotCount
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import SessionIn, SessionOut
from booking.queries.moments import moment
from sites.queries import Posts, posts_of


class SessionView(DeskView):
    def get_authenticators(self) -> list[Any]:
        # Whoever signs in need not be signed in.
        signing_in = self.request is not None and self.request.method == "POST"
        return [] if signing_in else super().get_authenticators()

    def get_permissions(self) -> Any:
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    @extend_schema(
        request=SessionIn, responses={200: SessionOut, **problems(400, 401, 403, 413, 415, 429, 503)}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Sign in at a desk by username and password. The answer's cookie is the session, for a shift.

        Every call with the cookie needs the header `X-Desk: 1`.
        """
        wanted = SessionIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        now = timezone.now()
        user, posts = self._entered(request, **wanted.validated_data)
        key, ends = desk_sessions.begin(user, now=now)
        response = Response(_shown(user, posts, ends), headers=PRIVATE)
        set_cookie(response, key)
        return response

    def _entered(self, request: Request, username: str, password: str) -> tuple[User, list[Posts]]:
        try:
            user = desk_sessions.user_by_password(username, password, address=address_of(request._request))
        except desk_sessions.TooManyTries as exc:
            words = _("试的次数太多。请过 15 分钟再试，或请值班长帮忙。")
            raise Problem(429, "too_many_requests", words, headers={"Retry-After": str(exc.wait)}) from None
        except CannotCount:
            words = _("现在不能登录，请过几秒再试。")
            raise Problem(503, "busy", words, headers={"Retry-After": "5"}) from None
        posts = posts_of(user.pk) if user else []
        # An administrator's password alone opens nothing, so nobody is told that it was right.
        if user is None or (user.is_staff and not posts):
            raise Problem(401, "wrong_password", _("用户名或密码不对。请再试一次。"))
        if not posts:
            raise Problem(403, "no_post", _("这个账号在任何接种点都没有岗位。请联系接种点管理员。"))
        return user, posts

    @extend_schema(responses={200: SessionOut, **problems(401)})
    def get(self, request: Request) -> Response:
        """Who is signed in, where they work, and until when."""
        user, claims = self.staff(request), request.auth
        return Response(_shown(user, posts_of(user.pk), claims.expires_at), headers=PRIVATE)  # type: ignore[union-attr]

    @extend_schema(responses={204: None, **problems(401)})
    def delete(self, request: Request) -> Response:
        """Sign out: the session, or the token, is dead at once."""
        claims = request.auth
        if isinstance(claims, DeskClaims):
            desk_sessions.end(claims.key)
        elif isinstance(claims, tokens.Claims):
            tokens.revoke(claims, timezone.now())
        response = Response(status=204)
        forget_cookie(response)
        return response


def _shown(user: User, posts: list[Posts], ends: datetime) -> dict[str, Any]:
    return {
        "me": me(user),
        "posts": [
            {
                "site": one.site.code,
                "name": one.site.name,
                "name_en": one.site.name_en,
                "roles": sorted(one.roles),
            }
            for one in posts
        ],
        "expires_at": moment(ends),
    }


def me(user: User) -> dict[str, Any]:
    """Who somebody is to colleagues."""
    return {"id": user.pk, "name": user.known_as()}
