"""What every page about a citizen's own things is wrapped in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.queries.touts import is_locked

View = Callable[..., HttpResponseBase]


def private(*methods: str) -> Callable[[View], View]:
    """For signed-in citizens only, by these methods (and HEAD), and never kept by a browser or a cache."""

    def wrap(view: View) -> View:
        return require_http_methods([*methods, "HEAD"])(never_cache(login_required(view)))

    return wrap


def unlocked(view: View) -> View:
    """A page on the way to a place: whoever's booking was locked reads why at once, and not after all the choosing."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and is_locked(account_of(request)):
            return redirect("appeal")
        return view(request, *args, **kwargs)

    return page


def account_of(request: HttpRequest) -> int:
    """The id of the account that is signed in."""
    return int(request.user.pk or 0)
