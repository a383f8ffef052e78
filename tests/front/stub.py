"""A web machine that writes down what it is asked, and answers, waits or breaks off as a test wants."""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PUBLIC = {"Cache-Control": "public, max-age=60", "Vary": "Cookie, Accept-Language"}


@dataclass
class Asked:
    """One request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What to answer: after `wait` seconds, or not at all with `broken`."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=lambda: dict(PUBLIC))
    wait: float = 0.0
    broken: bool = False


class Stub:
    """A web machine on loopback; `answer` may be changed at any time. Started on entry."""

    def __init__(self, answer: Callable[[Asked], Answer] | None = None) -> None:
        self.asked: list[Asked] = []
        self.answer = answer or (lambda asked: Answer())
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
                stub.asked.append(asked)
                answer = stub.answer(asked)
                time.sleep(answer.wait)
                if answer.broken:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            do_GET = do_POST = do_DELETE = do_HEAD = _serve

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    @property
    def address(self) -> str:
        """For nginx's list of web machines."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> "Stub":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
