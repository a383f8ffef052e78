"""Requests to the very application that gunicorn serves, with what a socket and a proxy would say of them."""

import io
import re
from dataclasses import dataclass

from deploy.wsgi import application


@dataclass(frozen=True)
class Answered:
    """One answer."""

    status: int
    headers: dict[str, str]
    text: str


def ask(path: str, *, method: str = "GET", body: bytes = b"", origin: str = "127.0.0.1", **headers: str) -> Answered:
    """What the application answers; header names are written as in WSGI, without HTTP_."""
    found: list[Answered] = []

    def start(status: str, said: list[tuple[str, str]], *rest: object) -> None:
        found.append(Answered(int(status[:3]), dict(said), ""))

    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "REMOTE_ADDR": origin, "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
        **{f"HTTP_{name}": value for name, value in headers.items()},
    }  # fmt: skip
    answer = application(environ, start)
    text = b"".join(answer).decode(errors="replace")
    answer.close()
    return Answered(found[0].status, found[0].headers, text)


_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Sample = tuple[str, dict[str, str], float]


def samples(text: str) -> list[Sample]:
    """Name, labels and value of every sample of a scrape."""
    found = [_SAMPLE.match(line) for line in text.splitlines() if not line.startswith("#")]
    return [(row[1], dict(_LABEL.findall(row[2] or "")), float(row[3])) for row in found if row]


def value(text: str, name: str, **labels: str) -> float:
    """The value of one sample; 0 if there is none."""
    return next((number for one, said, number in samples(text) if (one, said) == (name, labels)), 0.0)
