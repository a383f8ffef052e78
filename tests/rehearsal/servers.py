"""Servers that answer as they are told, for the engine alone."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

Behaviour = Callable[[socket.socket, bytes], bool]


def answers(connection: socket.socket, request: bytes) -> bool:
    """Answers everything with 200."""
    connection.sendall(OK)
    return True


@contextlib.contextmanager
def serving(behave: Behaviour = answers) -> Iterator[tuple[str, int]]:
    """A server on loopback; `behave` gets each request and says whether the connection stays open."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    over, threads = threading.Event(), list[threading.Thread]()

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            while not over.is_set() and (request := connection.recv(65536)) and behave(connection, request):
                pass

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threads.append(threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listener.getsockname()
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(5)
