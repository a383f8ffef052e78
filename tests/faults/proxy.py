"""A small TCP proxy on loopback that can cut, silence, slow down and flap what runs through it.

    with Proxy(gate.port) as proxy:
        …REDIS_URL with proxy.port…
        proxy.blackhole()

One thread moves all bytes, so that a connection can be reset at an exact byte.
"""

import contextlib
import selectors
import socket
import struct
import threading
import time
from collections import deque

_RESET = struct.pack("ii", 1, 0)
_PIECE = 65536


class _End:
    """One end of a connection, and what waits to be sent to it: (from when on, bytes)."""

    __slots__ = ("is_client", "other", "pending", "socket")

    def __init__(self, sock: socket.socket, *, is_client: bool) -> None:
        self.socket = sock
        self.is_client = is_client
        self.other: _End
        self.pending: deque[tuple[float, bytes]] = deque()


class Proxy:
    """Listens on `port` and passes everything on to the server at `target`; started on entry, gone on exit.

    A mode holds until the next one is set, for open and for new connections alike.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.accepted = 0
        self.resets = 0
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._listening.setblocking(False)
        self.port = int(self._listening.getsockname()[1])
        self._wake, self._woken = socket.socketpair()
        self._woken.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._ends: set[_End] = set()
        self._lock = threading.Lock()
        self._mode, self._delay, self._stopping = "pass", 0.0, False
        self._left: dict[bool, int | None] = {True: None, False: None}
        self._words: dict[bool, bytes] = {}
        self._flapping: threading.Event | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Proxy":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._still()
        self._stopping = True
        self._wake.send(b".")
        self._thread.join(10)
        assert not self._thread.is_alive(), "the proxy did not stop"

    def pass_on(self) -> None:
        """Be as if there were no proxy. What was held back is delivered now."""
        self._set("pass")

    def cut(self) -> None:
        """Reset every connection, and every new one at once."""
        self._set("cut")

    def blackhole(self) -> None:
        """Accept, and pass nothing on in either direction: bytes are held until another mode is set."""
        self._set("blackhole")

    def delay(self, seconds: float) -> None:
        """Every piece that the server answers comes so much later."""
        self._set("pass", seconds)

    def flap(self, *, up: float, down: float) -> None:
        """Pass for `up` seconds, cut for `down` seconds, and so on until another mode is set."""
        self._set("pass")
        stop = self._flapping = threading.Event()

        def run() -> None:
            while not stop.wait(up):
                self._change("cut", 0.0)
                if stop.wait(down):
                    return
                self._change("pass", 0.0)

        threading.Thread(target=run, daemon=True).start()

    def cut_after(self, *, to_server: int | None = None, to_client: int | None = None) -> None:
        """Once so many more bytes have gone that way, in all connections together: reset the connection, once."""
        with self._lock:
            self._left = {False: to_server, True: to_client}

    def cut_at(self, word: bytes, *, to_client: bool = False) -> None:
        """Pass the next piece on in which the word stands, then reset its connection, once: no answer to it arrives."""
        with self._lock:
            self._words[to_client] = word

    def _set(self, mode: str, delay: float = 0.0) -> None:
        self._still()
        self._change(mode, delay)

    def _change(self, mode: str, delay: float) -> None:
        with self._lock:
            self._mode, self._delay = mode, delay
        self._wake.send(b".")

    def _still(self) -> None:
        if self._flapping is not None:
            self._flapping.set()
            self._flapping = None

    def _run(self) -> None:
        self._selector.register(self._listening, selectors.EVENT_READ, self._accept)
        self._selector.register(self._woken, selectors.EVENT_READ, lambda: self._woken.recv(4096))
        while not self._stopping:
            for key, _ in self._selector.select(self._patience()):
                # An end may have gone with another one in this very round.
                if not isinstance(key.data, _End):
                    key.data()
                elif key.data in self._ends:
                    self._read(key.data)
            if self._mode == "cut":
                for end in list(self._ends):
                    self._drop(end, reset=True)
            self._flush()
        for end in list(self._ends):
            self._drop(end, reset=True)
        for sock in (self._listening, self._wake, self._woken):
            sock.close()
        self._selector.close()

    def _patience(self) -> float | None:
        moments = [end.pending[0][0] for end in self._ends if end.pending] if self._mode == "pass" else []
        return max(min(moments) - time.monotonic(), 0.0) if moments else None

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            accepted = self._listening.accept()[0]
            self.accepted += 1
            client = _End(accepted, is_client=True)
            try:
                server = _End(socket.create_connection(("127.0.0.1", self.target), timeout=5), is_client=False)
            except OSError:
                self._reset(accepted)
                return
            client.other, server.other = server, client
            for end in (client, server):
                end.socket.setblocking(False)
                end.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._ends.add(end)
                self._selector.register(end.socket, selectors.EVENT_READ, end)

    def _read(self, end: _End) -> None:
        try:
            data = end.socket.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            end.other.pending.append((time.monotonic() + (0.0 if end.is_client else self._delay), data))
        else:
            if self._mode == "pass":
                self._flush()
            if end in self._ends:
                self._drop(end, reset=False)

    def _flush(self) -> None:
        if self._mode != "pass":
            return
        now = time.monotonic()
        for end in list(self._ends):
            while end in self._ends and end.pending and end.pending[0][0] <= now:
                self._send(end, end.pending.popleft()[1])

    def _send(self, end: _End, data: bytes) -> None:
        data, is_last = self._allowed(data, to_client=end.is_client)
        try:
            end.socket.settimeout(5)
            end.socket.sendall(data)
            end.socket.setblocking(False)
        except OSError:
            is_last = True
        if is_last:
            self._drop(end, reset=True)

    def _allowed(self, data: bytes, *, to_client: bool) -> tuple[bytes, bool]:
        """What of it may pass, and whether the connection is to be reset after that."""
        with self._lock:
            left = self._left[to_client]
            if left is not None:
                self._left[to_client] = None if left <= len(data) else left - len(data)
                if left <= len(data):
                    return data[:left], True
            if (word := self._words.get(to_client)) and word in data:
                del self._words[to_client]
                return data, True
            return data, False

    def _drop(self, end: _End, *, reset: bool) -> None:
        for one in {end, end.other} & self._ends:
            self._ends.discard(one)
            self._selector.unregister(one.socket)
            if reset:
                self._reset(one.socket)
            else:
                one.socket.close()

    def _reset(self, sock: socket.socket) -> None:
        self.resets += 1
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        sock.close()
