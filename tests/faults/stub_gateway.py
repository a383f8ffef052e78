"""A gateway for text messages that can be down, slow, confused, or answer twice; it counts what it was told."""

import contextlib
import json
import socket
import threading
import time
from collections import Counter

from deploy.embedded import free_port


class StubGateway:
    """`mode` is down, well, slow, twice or nonsense. `keys` counts how often each message came in whole."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mode = "down"
        self.keys: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._listening: socket.socket | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def up(self, mode: str = "well") -> None:
        """Listen from now on, and answer in this way."""
        self.mode = mode
        if self._listening is None:
            self._listening = socket.create_server(("127.0.0.1", self.port), backlog=512)
            threading.Thread(target=self._serve, args=[self._listening], daemon=True).start()

    def down(self) -> None:
        """Stop listening."""
        self.mode = "down"
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    def _serve(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            connection.settimeout(10)
            _head, _, body = _whole(connection).partition(b"\r\n\r\n")
            mode, said = self.mode, json.loads(body)
            with self._lock:
                self.keys[said["key"]] += 1
                self.asked[mode] += 1
            if mode == "slow":
                time.sleep(2)
            good = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
            connection.sendall({"nonsense": b"\x00\xff 42 what\r\n\r\n", "twice": good * 2}.get(mode, good))


def _whole(connection: socket.socket) -> bytes:
    received, length = b"", None
    while length is None or len(received) < length:
        piece = connection.recv(65536)
        if not piece:
            raise ValueError("broke off")
        received += piece
        if length is None and b"\r\n\r\n" in received:
            head = received.partition(b"\r\n\r\n")[0]
            lines = head.decode("latin-1").split("\r\n")
            found = next(line for line in lines if line.lower().startswith("content-length:"))
            length = len(head) + 4 + int(found.split(":")[1])
    return received
