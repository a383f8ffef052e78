"""What every call of the desk is built on: who is signed in, at which of their sites, and with which posts."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import BearerToken, SignedInCitizen
from accounts.api.desk_session import DeskSession
from accounts.api.problems import Problem
from accounts.api.views import ApiView
from accounts.models import User
from booking.api.errors import problem_of
from booking.operations.desk.refusals import NotYourPost
from booking.operations.refusals import NotFound, Refusal
from booking.rules.desk_roles import may
from sites.models import Site
from sites.queries import posts_of


class DeskView(ApiView):
    """A call of the desk, by the desk's session or by a bearer token. Refusals become problem documents.

    A site where the caller has no post does not exist for them: 404.
    """

    authentication_classes: Any = [BearerToken, DeskSession]

    site: Site
    roles: frozenset[str]
    _user: User | None = None

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Refusal):
            status, code, detail, facts, headers = problem_of(exc, self.language)
            exc = Problem(status, code, detail, headers=headers, **facts)
        return super().handle_exception(exc)

    def staff(self, request: Request) -> User:
        """The account that is signed in."""
        if self._user is None:
            who: Any = request.user
            self._user = who.account() if isinstance(who, SignedInCitizen) else who
        assert self._user is not None
        return self._user

    def at(self, request: Request, code: str | None, *, what: str | None = None) -> Site:
        """The site with this code, with the caller's posts there in `self.roles`; without a code the only one.

        `what` is a word of rules.desk_roles that one of the posts must allow. Raises NotFound and NotYourPost.
        """
        posts = posts_of(self.staff(request).pk)
        found = next((one for one in posts if one.site.code == code or (not code and len(posts) == 1)), None)
        if found is None:
            raise NotFound(what="site")
        self.site, self.roles = found.site, found.roles
        if what is not None:
            self.require(what)
        return self.site

    def require(self, what: str) -> None:
        """Raises NotYourPost unless one of the caller's posts at the site allows it."""
        if not may(self.roles, what):
            raise NotYourPost
