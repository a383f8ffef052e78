"""What passes by itself is told as such, to people and to programs; a fault of ours is not."""

from typing import Any

import psycopg
import pytest
from django.core.management import CommandError
from django.db import InternalError, OperationalError, ProgrammingError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from deploy import errors, prepare, wsgi

PATHS = ("/api/v1/appointments", "/sites/")


def _answered(path: str, error: Exception, cause: Exception | None = None) -> HttpResponse:
    try:
        raise error from cause
    except type(error):
        return errors.failed(RequestFactory().get(path))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("gone"), psycopg.OperationalError()),
        (OperationalError("full"), psycopg.errors.DiskFull()),
        (OperationalError("too many"), psycopg.errors.TooManyConnections()),
        (OperationalError("too long"), psycopg.errors.QueryCanceled()),
        (OperationalError("locked"), psycopg.errors.LockNotAvailable()),
        (InternalError("a replica"), psycopg.errors.ReadOnlySqlTransaction()),
    ],
)
def test_while_the_ledger_cannot_everybody_is_told_when_to_come_back(
    path: str, error: Exception, cause: Exception
) -> None:
    answer = _answered(path, error, cause)

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("path", PATHS)
def test_a_fault_of_ours_is_told_as_one(path: str) -> None:
    assert _answered(path, ProgrammingError("no such column")).status_code == 500
    assert _answered(path, InternalError("broken"), psycopg.errors.DataCorrupted()).status_code == 500


def test_an_error_of_the_api_says_how_long_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise OperationalError("gone")

    monkeypatch.setattr(wsgi._api, "_middleware_chain", wsgi.convert_exception_to_response(fails))
    told: dict[str, Any] = {}
    environ = RequestFactory().get("/api/v1/appointments").environ

    body = b"".join(wsgi.application(environ, lambda status, headers, *_: told.update(headers, status=status)))

    assert told["status"] == "503 Service Unavailable"
    assert int(told["Content-Length"]) == len(body)


def test_nothing_is_prepared_through_a_pooler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)

    with pytest.raises(CommandError, match="DATABASE_POOLER is 1"):
        prepare._servers_answer()
