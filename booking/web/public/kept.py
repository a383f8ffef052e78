"""Pages that are the same for everybody who reads them in one language and text size."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from booking.answers import kept_or_made
from booking.web.frame import asked_size

View = Callable[..., HttpResponse]


def public(*, max_age: int) -> Callable[[View], View]:
    """Keep the page for everybody, and let browsers and proxies keep it for `max_age` seconds.

    What it shows may depend on its address, the language and the text size, and on nothing else of the reader: no
    session, no CSRF token, no message.
    """
    headers = {
        "Cache-Control": f"public, max-age={max_age}, stale-while-revalidate=60",
        # Language and size are read from cookies; without them the browser's languages decide.
        "Vary": "Cookie, Accept-Language",
    }

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = f"page {get_language()} {asked_size(request)} {request.get_host()} {request.get_full_path()}"
            return kept_or_made(request, key, lambda: view(request, *args, **kwargs), headers=headers)

        return page

    return decorate
