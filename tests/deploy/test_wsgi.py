"""The API's short way through Django."""

from io import BytesIO
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, path

from deploy.wsgi import application

handler500 = "deploy.errors.failed"


def _fails(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the connection is closed")


urlpatterns = [path("api/v1/failing", _fails)]


@pytest.fixture
def failing(settings: Any) -> Any:
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    yield
    clear_url_caches()


def _ask(where: str) -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": where, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "wsgi.input": BytesIO(), "wsgi.url_scheme": "http", "HTTP_HOST": "localhost",
    }  # fmt: skip
    body = b"".join(application(environ, lambda status, headers: told.extend((status, dict(headers)))))
    return told[0], told[1], body


@pytest.mark.usefixtures("failing")
def test_a_ledger_that_is_away_is_answered_busy_and_with_a_length() -> None:
    status, headers, body = _ask("/api/v1/failing")

    assert status.startswith("503")
    assert headers["Retry-After"] == "5"
    # Without one the answer goes out in chunks, which not every program that calls an API reads.
    assert headers["Content-Length"] == str(len(body))
