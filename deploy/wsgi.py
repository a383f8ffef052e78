"""The application that gunicorn serves: pages with Django's middleware, the API without.

The API needs no session, no CSRF token and no messages: it signs in by token and speaks its own language header.
What the middleware costs would be a third of a booking.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import set_urlconf
from django.utils.log import log_response

from deploy.headers import protect
from deploy.metric_files import bury_the_dead
from deploy.recorded import Recorded

Start = Callable[..., Any]


class _WithoutMiddleware(WSGIHandler):
    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        self._middleware_chain = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """As Django's, without a line in the log for every refusal."""
        set_urlconf(settings.ROOT_URLCONF)
        response: HttpResponseBase = self._middleware_chain(request)  # type: ignore[misc,assignment]
        # What Django's CommonMiddleware would add; without it gunicorn sends the answer in chunks.
        if not response.streaming and not response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        protect(response)
        response._resource_closers.append(request.close)  # type: ignore[attr-defined]
        if response.status_code >= 500:
            message = "%s: %s"
            log_response(message, response.reason_phrase, request.path, response=response, request=request)  # type: ignore[arg-type]
        return response


_pages = get_wsgi_application()
_api = _WithoutMiddleware()


def _served(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Calls for the API, questions about health, and looks at a queue by everybody in it take the short way."""
    path = environ["PATH_INFO"]
    short = path.startswith(("/api/v1/", "/health/", "/metrics")) or (
        path.startswith("/queue/") and path.endswith("/state.json")
    )
    serve = _api if short else _pages
    return serve(environ, start_response)  # type: ignore[no-any-return]


application = Recorded(_served)
if settings.METRICS["folder"]:
    # What this worker's predecessors had counted; without a scrape nobody else looks. Booking does not depend on it.
    with suppress(OSError):
        bury_the_dead(settings.METRICS["folder"])
