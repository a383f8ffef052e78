"""Clients that take their time, or all that they can get."""

import contextlib
import select
import socket
import threading
import time
from collections import Counter

_HEAD = b"POST /api/v1/appointments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
_BEGIN = {
    # A head that never ends, a body that never ends, an answer that is not fetched, and nothing at all.
    "head": _HEAD,
    "body": _HEAD + b"Content-Length: 100000\r\n\r\n{",
    "reader": b"GET /static/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "silent": b"",
}
_MORE = {"head": b"X-More: a\r\n", "body": b" "}


class SlowClients:
    """`count` of each kind at once from entry on; `closed` says how many of them the server has sent away."""

    def __init__(self, port: int, count: int, kinds: tuple[str, ...] = tuple(_BEGIN)) -> None:
        self.port, self.count, self.kinds = port, count, kinds
        self.closed: Counter[str] = Counter()
        self.open: list[tuple[str, socket.socket]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._dawdle)

    def __enter__(self) -> "SlowClients":
        for kind in self.kinds:
            for _ in range(self.count):
                self.open.append((kind, self._begin(kind)))
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._thread.join()
        for _, one in self.open:
            one.close()

    def _begin(self, kind: str) -> socket.socket:
        one = socket.socket()
        if kind == "reader":
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.settimeout(10)
        one.connect(("127.0.0.1", self.port))
        one.sendall(_BEGIN[kind])
        return one

    def _dawdle(self) -> None:
        while not self._over.wait(1):
            still = []
            for kind, one in self.open:
                if self._is_closed(kind, one):
                    self.closed[kind] += 1
                    one.close()
                else:
                    still.append((kind, one))
            self.open = still

    def _is_closed(self, kind: str, one: socket.socket) -> bool:
        poll = select.poll()
        poll.register(one, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        if poll.poll(0):
            return True
        with contextlib.suppress(OSError):
            one.sendall(_MORE.get(kind, b""))
            return False
        return True


def greedy(port: int, *, head: int = 0, body: int = 0) -> bytes:
    """Send a head or a body of so many bytes; the first line of what comes back, empty if nothing does."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        with contextlib.suppress(OSError):
            one.sendall(_HEAD + b"X-Large: " + b"a" * head + b"\r\nContent-Length: %d\r\n\r\n" % body)
            sent = 0
            while sent < body and not select.select([one], [], [], 0)[0]:
                sent += one.send(b" " * 65536)
        with contextlib.suppress(OSError):
            time.sleep(0.05)
            return one.recv(4096).partition(b"\r\n")[0]
    return b""
