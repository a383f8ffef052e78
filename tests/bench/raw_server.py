"""A server that does nothing but answer: `python -m tests.bench.raw_server` prints its port and serves until killed.

One process, one epoll, the same few bytes for every request: what a load generator can drive at the most.
"""

import select
import socket
import sys

_ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"results": [ ]}'


def main() -> None:
    """Listen on a free port of loopback, print it, and answer."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listener.setblocking(False)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    poll = select.epoll()
    poll.register(listener, select.EPOLLIN)
    open_: dict[int, socket.socket] = {}
    while True:
        for file, _event in poll.poll():
            if file == listener.fileno():
                connection, _peer = listener.accept()
                open_[connection.fileno()] = connection
                poll.register(connection, select.EPOLLIN)
            elif not _answered(open_[file]):
                poll.unregister(file)
                open_.pop(file).close()


def _answered(connection: socket.socket) -> bool:
    try:
        # Requests of a rehearsal are far smaller than this, and each waits for its answer.
        if not connection.recv(65536):
            return False
        connection.sendall(_ANSWER)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
