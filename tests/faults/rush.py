"""A rush of citizens against a private installation, and what is checked after something was broken in its middle."""

import contextlib
import itertools
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from booking.admission.keys import slot_keys
from booking.admission.servers import open_client
from tests.bench import load
from tests.bench.installation import Installation

Say = Callable[[str], None]
_APPOINTMENTS = "/api/v1/appointments"


@dataclass
class Rush:
    """Every citizen tries once for a place in one of the slots; `references` is what they were promised.

    `pace`: so many seconds at the least from one citizen to the next, so that the rush outlasts a long fault.
    """

    city: Installation
    citizens: list[tuple[str, str]]
    slots: list[int]
    seconds: float
    connections: int = 32
    pace: float = 0.0

    def __post_init__(self) -> None:
        self.results: list[load.Result] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Rush":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._thread.join(self.seconds + 60)
        assert not self._thread.is_alive(), "the rush did not end by itself"

    @property
    def result(self) -> load.Result:
        """What came back; only after the rush."""
        return self.results[0]

    @property
    def references(self) -> list[str]:
        """The appointments that citizens were promised."""
        return self.result.references

    def _run(self) -> None:
        self.results.append(
            load.run(
                ("127.0.0.1", self.city.port),
                self.requests(),
                connections=self.connections,
                seconds=self.seconds,
                most=len(self.citizens),
                journal=True,
            )
        )

    def requests(self) -> Iterator[bytes]:
        """What the citizens send, in order; sent again, they are repeats."""
        for number, ((token, patient), slot) in enumerate(
            zip(self.citizens, itertools.cycle(self.slots), strict=False)
        ):
            time.sleep(self.pace)
            yield booking((token, patient), slot, key=f"fault-{slot}-{number:09}")


def booking(citizen: tuple[str, str], slot: int, *, key: str) -> bytes:
    """The request by which the citizen books the slot."""
    token, patient = citizen
    body = json.dumps({"slot": slot, "patient": patient}).encode()
    return load.post(_APPOINTMENTS, body, Authorization=f"Bearer {token}", Idempotency_Key=key)


def answer(city: Installation, request: bytes) -> tuple[int, dict[str, Any]]:
    """Send one request on a connection of its own; status and JSON body. Raises OSError."""
    return answer_of(city.port, request)


def answer_of(port: int, request: bytes) -> tuple[int, dict[str, Any]]:
    """The same of whatever listens on this port."""
    head, body = answer_with_head(port, request)
    return int(head[9:12]), body


def answer_with_head(port: int, request: bytes) -> tuple[str, dict[str, Any]]:
    """As `answer_of`, with the whole head. Raises OSError, also where no answer comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    if not received:
        raise ConnectionResetError("no answer")
    head, _, body = received.partition(b"\r\n\r\n")
    return head.decode("latin-1"), json.loads(body) if body else {}


def forget_all(city: Installation) -> None:
    """Empty the gate."""
    _gate(city).flushall()


def loaded(city: Installation, slot: int) -> bool:
    """Whether the gate knows the slot."""
    return bool(_gate(city).exists(slot_keys(slot)[0]))


def _gate(city: Installation) -> Any:
    return open_client(city.gate.url(), connections=2, timeout=5)


def without_gate(city: Installation) -> int:
    """How many breakers of the web processes are open, as their log says: one for the gate, or one for each node."""
    log = city.web_log()
    return len(re.findall("the gate does not answer", log, re.I)) - len(re.findall("the gate answers again", log, re.I))


def per_second(rush: Rush, first: float, last: float) -> float:
    """Bookings a second between two moments, in seconds from the start of the rush."""
    return sum(name == "201" and first <= moment < last for moment, name in rush.result.arrivals) / (last - first)


def lost(city: Installation, references: list[str]) -> list[str]:
    """Those of the promised appointments that the ledger does not have."""
    with psycopg.connect(city.ledger.url()) as connection:
        found = connection.execute(
            "SELECT reference FROM booking_appointment WHERE reference = ANY(%s) AND place IS NOT NULL", [references]
        )
        return sorted(set(references) - {row[0] for row in found})


def audit(city: Installation, *, patience: float = 90) -> dict[str, Any]:
    """audit_places after reconciling, repeated until it is clean or patience ends: leases have to run out first."""
    deadline = time.monotonic() + patience
    while True:
        city.manage("reconcile")
        found: dict[str, Any] = json.loads(city.manage("audit_places", "--json", check=False).stdout)
        if (found["clean"] and not found["running_holds"]) or time.monotonic() > deadline:
            return found
        time.sleep(2)


def wait_until(true: Any, seconds: float, what: str) -> float:
    """Wait for it; the seconds that it took."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        with contextlib.suppress(OSError):
            if true():
                return time.monotonic() - started
        time.sleep(0.1)
    raise AssertionError(f"after {seconds} s still not: {what}")


def booked(city: Installation) -> int:
    """How many appointments the ledger has."""
    with psycopg.connect(city.ledger.url()) as connection:
        row = connection.execute("SELECT count(*) FROM booking_appointment").fetchone()
        return int(row[0]) if row else 0


def promises_hold(city: Installation, rush: Rush, say: Say) -> None:
    """After a rush: says what citizens were told and how long they noticed, and checks every promise."""
    result = rush.result
    answers = ", ".join(f"{count} × {name.strip()}" for name, count in sorted(result.statuses.items()))
    unanswered = f"; {result.broken} got no answer" if result.broken else ""
    say(f"citizens were told: {answers}{unanswered}; {noticed(result)}")
    assert not [name for name in result.statuses if name.startswith("500")], "somebody was answered 500"
    missing = lost(city, rush.references)
    assert not missing, f"{len(missing)} promised appointments are not in the ledger"
    started = time.monotonic()
    found = audit(city)
    assert found["clean"], f"audit_places: {found}"
    say(
        f"{len(rush.references)} promised and all in the ledger; {found['places_taken']} places taken, none oversold, "
        f"no drift {time.monotonic() - started:.0f} s later"
    )


def noticed(result: load.Result) -> str:
    """How long people noticed a fault: the longest time without any booking, and the slowest answers."""
    moments = [moment for moment, name in result.arrivals if name == "201"]
    gap = max((after - before for before, after in itertools.pairwise(moments)), default=0.0)
    return f"at most {gap:.1f} s without a booking, p99 {result.percentile(0.99):,.0f} ms"
