"""The engine: everybody gets their answer or knows that they have none, and waiting counts from the right moment."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable

from booking.rehearsal.engine import BROKEN, LEFT, Answer, Arrival, Ask, Engine, Steps
from booking.rehearsal.measures import Measures
from booking.rehearsal.wire import get
from tests.rehearsal.servers import OK, answers, serving

_GET = get("/")


def _run(address: tuple[str, int], people: Iterable[Steps], *, connections: int = 64) -> Measures:
    measures = Measures()
    engine = Engine([address], measures, connections=connections)
    begin = engine.clock()
    coming = [Arrival(begin, lambda person=person: person) for person in people]
    engine.run(
        iter(coming),
        until=begin + 30,
        each_second=lambda: measures.tick(present=engine.present, queued=engine.wires.queued, places_left=0),
    )
    assert engine.present == 0
    assert engine.wires.open == 0
    return measures


def _asking(times: int, heard: list[Answer], *, patience: float = 20, think: float = 0.0) -> Steps:
    for _ in range(times):
        heard.append((yield Ask("read", _GET, patience)))
        if think:
            yield think


def test_everybody_gets_every_answer_over_a_few_connections() -> None:
    heard: list[Answer] = []
    opened: set[int] = set()

    def counts(connection: socket.socket, request: bytes) -> bool:
        opened.add(connection.fileno())
        return answers(connection, request)

    with serving(counts) as address:
        measures = _run(address, (_asking(3, heard, think=0.01) for _ in range(200)), connections=8)

    assert Counter(answer.status for answer in heard) == {200: 600}
    assert measures.names == {"read": Counter({"200": 600})}
    assert measures.people == 200
    assert len(opened) <= 8


def test_what_somebody_waits_for_a_free_connection_counts() -> None:
    heard: list[Answer] = []

    def slow(connection: socket.socket, request: bytes) -> bool:
        time.sleep(0.1)
        return answers(connection, request)

    with serving(slow) as address:
        _run(address, (_asking(1, heard) for _ in range(5)), connections=1)

    # One after the other: the last has waited for four others, and would have waited 0.1 s by its own connection.
    assert max(answer.seconds for answer in heard) >= 0.5
    assert len(heard) == 5


def test_whoever_hears_nothing_leaves_and_may_ask_again() -> None:
    heard: list[Answer] = []
    first = threading.Event()

    def silent_at_first(connection: socket.socket, request: bytes) -> bool:
        if first.is_set():
            return answers(connection, request)
        first.set()
        return True

    with serving(silent_at_first) as address:
        measures = _run(address, [_asking(2, heard, patience=0.3)])

    assert [answer.status for answer in heard] == [LEFT, 200]
    assert measures.names["read"] == {"no answer in time": 1, "200": 1}


def test_a_connection_that_fails_is_told_to_its_person() -> None:
    heard: list[Answer] = []
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()

    measures = _run(address, [_asking(1, heard)])

    assert [answer.status for answer in heard] == [BROKEN]
    assert measures.total == {"error": 1}


def test_a_kept_connection_that_the_server_has_closed_is_opened_anew_without_a_word() -> None:
    heard: list[Answer] = []

    def one_each(connection: socket.socket, request: bytes) -> bool:
        answers(connection, request)
        return False

    with serving(one_each) as address:
        _run(address, [_asking(4, heard, think=0.02)])

    assert [answer.status for answer in heard] == [200] * 4


def test_an_answer_that_comes_in_pieces_is_waited_for() -> None:
    heard: list[Answer] = []

    def in_pieces(connection: socket.socket, request: bytes) -> bool:
        for piece in (OK[:20], OK[20:-1], OK[-1:]):
            connection.sendall(piece)
            time.sleep(0.02)
        return True

    with serving(in_pieces) as address:
        _run(address, [_asking(2, heard)])

    assert [(answer.status, answer.body) for answer in heard] == [(200, b"{}")] * 2


def test_people_come_at_their_moment_and_not_when_others_have_their_answers() -> None:
    came: list[float] = []
    begin = time.monotonic()

    def never(connection: socket.socket, request: bytes) -> bool:
        return True

    def person() -> Steps:
        came.append(time.monotonic() - begin)
        yield Ask("read", _GET, 0.5)

    with serving(never) as address:
        measures = Measures()
        engine = Engine([address], measures)
        coming = (Arrival(begin + 0.1 * number, person) for number in range(5))
        engine.run(coming, until=begin + 20, each_second=lambda: None)

    assert [at >= 0.1 * number for number, at in enumerate(came)] == [True] * 5
    assert measures.lateness.count == 5
    assert measures.total == {"error": 5}
