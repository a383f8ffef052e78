"""What every page about a citizen's own things is wrapped in."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]


def private(*methods: str) -> Callable[[View], View]:
    """For signed-in citizens only, by these methods (and HEAD), and never kept by a browser or a cache."""

    def wrap(view: View) -> View:
        return require_http_methods([*methods, "HEAD"])(never_cache(login_required(view)))

    return wrap


def account_of(request: HttpRequest) -> int:
    """The id of the account that is signed in."""
    return int(request.user.pk or 0)
