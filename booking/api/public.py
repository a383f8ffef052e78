"""Public reads of the API: the same bytes for everybody in one language, kept before REST framework is reached."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.api.language import language_of
from booking.answers import kept_or_made

_HEADERS = {"Cache-Control": "public, max-age=1, stale-while-revalidate=5", "Vary": "Accept-Language"}

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Keep the view's 200 answers to GET for settings.PUBLIC_SECONDS; everything else passes through."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = language_of(request.headers.get("Accept-Language"))
        key = f"api {language} {request.get_host()} {request.get_full_path()}"
        return kept_or_made(request, key, lambda: view(request, *args, **kwargs), headers=_HEADERS)

    # The schema is generated from the class behind the address.
    answer.cls = view.cls  # type: ignore[attr-defined]
    answer.initkwargs = view.initkwargs  # type: ignore[attr-defined]
    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer
