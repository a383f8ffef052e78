"""The proxy of the faults does what its modes say."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.faults.proxy import Proxy


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that answers everything with itself."""

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            while data := connection.recv(65536):
                connection.sendall(data)

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=[listening.accept()[0]], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=listen, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(echo: int) -> Iterator[Proxy]:
    with Proxy(echo) as proxy:
        yield proxy


def connected(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=0.3)


def asked(connection: socket.socket, word: bytes) -> bytes:
    connection.sendall(word)
    return connection.recv(65536)


def asked_twice(connection: socket.socket, word: bytes) -> bytes:
    return asked(connection, word) + connection.recv(65536)


def test_it_passes_everything_on_in_both_directions(proxy: Proxy) -> None:
    with connected(proxy) as connection:
        connection.settimeout(5)
        connection.sendall(b"x" * 1_000_000)

        received = 0
        while received < 1_000_000:
            received += len(connection.recv(65536))

    assert received == 1_000_000


def test_a_cut_resets_open_and_new_connections_until_it_passes_again(proxy: Proxy) -> None:
    with connected(proxy) as open_one:
        assert asked(open_one, b"one") == b"one"
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            open_one.recv(10)
    # Where the reset is quick, connecting fails already.
    with pytest.raises((ConnectionResetError, BrokenPipeError)), connected(proxy) as new_one:
        asked(new_one, b"two")

    proxy.pass_on()

    with connected(proxy) as after:
        assert asked(after, b"three") == b"three"


def test_a_black_hole_accepts_and_says_nothing_until_it_is_gone(proxy: Proxy) -> None:
    proxy.blackhole()
    with connected(proxy) as connection:
        with pytest.raises(TimeoutError):
            asked(connection, b"hello")

        proxy.pass_on()

        assert connection.recv(10) == b"hello"


def test_answers_come_as_much_later_as_it_was_told(proxy: Proxy) -> None:
    with connected(proxy) as connection:
        proxy.delay(0.2)
        started = time.monotonic()

        assert asked(connection, b"slow") == b"slow"

        assert time.monotonic() - started >= 0.2


def test_it_cuts_after_so_many_bytes_from_either_side(proxy: Proxy) -> None:
    proxy.cut_after(to_client=3)
    with connected(proxy) as connection:
        connection.sendall(b"hello")
        assert connection.recv(10) in (b"hel", b"")
    proxy.cut_after(to_server=2)
    with connected(proxy) as connection, pytest.raises(ConnectionResetError):
        asked_twice(connection, b"hello")

    with connected(proxy) as connection:
        assert asked(connection, b"once") == b"once"


def test_it_cuts_after_a_word_was_sent_and_before_its_answer(proxy: Proxy) -> None:
    proxy.cut_at(b"COMMIT")
    with connected(proxy) as connection:
        assert asked(connection, b"INSERT") == b"INSERT"
        with pytest.raises(ConnectionResetError):
            asked(connection, b"COMMIT")


def test_flapping_is_up_and_down_by_turns(proxy: Proxy) -> None:
    proxy.flap(up=0.1, down=0.1)
    found = set()
    deadline = time.monotonic() + 5
    while len(found) < 2 and time.monotonic() < deadline:
        with suppress(OSError), connected(proxy) as connection:
            found.add(asked(connection, b"up") == b"up")
            continue
        found.add(False)

    assert found == {True, False}
