"""Ask an address on loopback, byte by byte if need be."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class Got:
    """An answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(
    port: int, path: str, method: str = "GET", body: bytes | None = None, tls: ssl.SSLContext | None = None,
    headers: Mapping[str, str] | None = None,
) -> Got:  # fmt: skip
    """One request on a connection of its own."""
    connection: http.client.HTTPConnection
    if tls is not None:
        connection = http.client.HTTPSConnection("localhost", port, timeout=30, context=tls)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"Host": "localhost", **(headers or {})})
        answer = connection.getresponse()
        return Got(answer.status, answer.headers, answer.read())
    finally:
        connection.close()
