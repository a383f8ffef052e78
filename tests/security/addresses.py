"""Every address outside the admin, found by asking the resolver, and a way to ask for it as gunicorn does."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.urls import URLResolver, get_resolver

# What an argument is filled with where no row is meant.
NOTHING = {
    "uuid": "6f1c1f6e-1111-4222-8333-123456789012",
    "reference": "123456789012",
    "int": "987654321",
    "slug": "nothing",
    "str": "nothing",
}
_ARGUMENT = re.compile(r"<(\w+):(\w+)>")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


def patterns() -> list[str]:
    """The addresses as the resolver has them: `api/v1/patients/<uuid:patient_id>`."""
    return [pattern.removeprefix("^") for pattern in _walk(get_resolver(), "")]


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not here.startswith("admin/"):
                yield from _walk(one, here)
        else:
            yield here


def filled(pattern: str, values: Mapping[str, Any] | None = None) -> str:
    """The address with its arguments: by their name or, where it is not among them, with what is nothing."""
    there = values or {}
    return "/" + _ARGUMENT.sub(lambda found: str(there.get(found[2], NOTHING[found[1]])), pattern)


def arguments(pattern: str) -> list[tuple[str, str]]:
    """Kind and name of each argument."""
    return _ARGUMENT.findall(pattern)


def ask(application: Any, method: str, path: str, body: bytes = b"", **environ: str) -> Answer:
    """The answer of the whole application, middleware or the short way, as a web server gets it."""
    request: dict[str, Any] = {"REQUEST_METHOD": method, "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
    path, _, query = path.partition("?")
    request.update(PATH_INFO=path, QUERY_STRING=query, CONTENT_LENGTH=str(len(body)), **environ)
    setup_testing_defaults(request)
    request["wsgi.input"] = io.BytesIO(body)
    seen: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], *_rest: Any) -> None:
        seen.update(status=int(status.split()[0]), headers={name.lower(): value for name, value in headers})

    found = application(request, start)
    content = b"".join(found)
    if hasattr(found, "close"):
        found.close()
    return Answer(seen["status"], seen["headers"], content)
