"""A rush of citizens against a private installation, and what is checked after something was broken in its middle."""

import contextlib
import itertools
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import redis

from booking.admission.keys import slot_keys
from tests.bench import load
from tests.bench.installation import Installation

_APPOINTMENTS = "/api/v1/appointments"


@dataclass
class Rush:
    """Every citizen tries once for a place in one of the slots; `references` is what they were promised."""

    city: Installation
    citizens: list[tuple[str, str]]
    slots: list[int]
    seconds: float
    connections: int = 32

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
                self._requests(),
                connections=self.connections,
                seconds=self.seconds,
                most=len(self.citizens),
                journal=True,
            )
        )

    def _requests(self) -> Iterator[bytes]:
        for number, ((token, patient), slot) in enumerate(
            zip(self.citizens, itertools.cycle(self.slots), strict=False)
        ):
            yield booking((token, patient), slot, key=f"fault-{slot}-{number:09}")


def booking(citizen: tuple[str, str], slot: int, *, key: str) -> bytes:
    """The request by which the citizen books the slot."""
    token, patient = citizen
    body = json.dumps({"slot": slot, "patient": patient}).encode()
    return load.post(_APPOINTMENTS, body, Authorization=f"Bearer {token}", Idempotency_Key=key)


def answer(city: Installation, request: bytes) -> tuple[int, dict[str, Any]]:
    """Send one request on a connection of its own; status and JSON body. Raises OSError."""
    with socket.create_connection(("127.0.0.1", city.port), timeout=20) as connection:
        connection.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head[9:12]), json.loads(body) if body else {}


def forget_all(city: Installation) -> None:
    """Empty the gate."""
    redis.Redis.from_url(city.gate.url()).flushall()


def loaded(city: Installation, slot: int) -> bool:
    """Whether the gate knows the slot."""
    return bool(redis.Redis.from_url(city.gate.url()).exists(slot_keys(slot)[0]))


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
