"""Web machines whose clocks are wrong: one is two minutes fast, the other two minutes slow."""

import itertools
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.bench import load
from tests.faults.behind_nginx import BehindNginx, Master
from tests.faults.rush import answer_of, audit, booking, forget_all, lost

OFFSETS = {"fast": 120, "slow": -120}
_OPENS_IN, _GOES_ON = 4.0, 3.0
# From the release until each machine has given out its first place.
_SOON = 2.0


class Askew(BehindNginx):
    """The first of the two web machines is fast, the second slow."""

    def make_master(self, number: int) -> Master:
        offset = list(OFFSETS.values())[number]
        given = {**self.given, "WSGI": "tests.faults.askew:application", "CLOCK_OFFSET": str(offset)}
        return Master(self.sockets[number], given, self.folder / "web.log")


@dataclass(frozen=True)
class _Tried:
    machine: str
    act: str
    answered_at: float
    status: int
    body: dict[str, Any]
    token: str


def release_by_wrong_clocks(city: Askew, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """People try from before a release on, by every way to a place, at a fast and at a slow web machine."""
    people = iter(made["citizens"])
    with_gate = _around_a_release(city, people, ("book", "hold"))
    _told("with the gate", *with_gate, say)
    city.gate.stop()
    try:
        without = _around_a_release(city, people, ("book",))
    finally:
        city.gate.start()
    _told("from the ledger alone", *without, say)
    promised = [
        one.body["reference"] for one in (*with_gate[1], *without[1]) if one.act == "book" and one.status == 201
    ]
    assert not lost(city, promised)
    for one in with_gate[1]:
        if one.act == "hold" and one.status == 201:
            _give_back(city, one)
    assert audit(city)["clean"]


def places_held_by_wrong_clocks(city: Askew, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """A place held at one machine is held longer and booked at the other, whose clock is four minutes off."""
    slot = city.slot(quota=50)
    for number, (one, other) in enumerate(itertools.permutations(OFFSETS, 2)):
        citizen = made["citizens"][-1 - number]
        held = _ask(city, one, _hold(citizen, slot))
        assert held.status == 201, held
        token = held.body["id"]
        longer = _ask(
            city, other, load.post(f"/api/v1/holds/{token}/extend", b"{}", Authorization=f"Bearer {citizen[0]}")
        )
        assert longer.status == 200, longer
        booked = _ask(city, one, _book_held(citizen, slot, longer.body["id"]))
        assert booked.status == 201, booked
        say(f"held at the {one} machine, held longer at the {other} one, booked")


def _around_a_release(city: Askew, people: Any, acts: tuple[str, ...]) -> tuple[float, list[_Tried]]:
    slot = city.slot(quota=500)
    opens = _open_in(city, slot, _OPENS_IN)
    until = time.time() + _OPENS_IN + _GOES_ON
    tried: list[_Tried] = []

    def go_on(machine: str, act: str) -> None:
        citizen = next(people)
        while time.time() < until:
            request = (
                booking(citizen, slot, key=f"askew-{slot}-{citizen[1]}") if act == "book" else _hold(citizen, slot)
            )
            tried.append(_ask(city, machine, request, act, citizen[0]))
            if tried[-1].status == 201:
                citizen = next(people)
            time.sleep(0.05)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(go_on, machine, act) for machine in OFFSETS for act in acts]:
            done.result()
    return opens, tried


def _told(how: str, opens: float, tried: list[_Tried], say: Callable[[str], None]) -> None:
    given = [one for one in tried if one.status == 201]
    early = [one for one in given if one.answered_at < opens]
    first = {
        (machine, act): min(
            (one.answered_at - opens for one in given if (one.machine, one.act) == (machine, act)), default=99
        )
        for machine, act in {(one.machine, one.act) for one in tried}
    }
    after = ", ".join(
        f"{act} at the {machine} one {seconds:.2f} s" for (machine, act), seconds in sorted(first.items())
    )
    say(f"{how}: {len(tried)} tries, {len(given)} places, {len(early)} before the release; first after it: {after}")
    assert not early, early
    assert max(first.values()) < _SOON, first


def _open_in(city: Askew, slot: int, seconds: float) -> float:
    with psycopg.connect(city.ledger.url()) as connection:
        row = connection.execute(
            "UPDATE booking_slot SET opens_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s "
            "RETURNING extract(epoch FROM opens_at)",
            [seconds, slot],
        ).fetchone()
    assert row
    if city.gate.process and city.gate.process.poll() is None:
        forget_all(city)
    return float(row[0])


def _hold(citizen: tuple[str, str], slot: int) -> bytes:
    body = json.dumps({"slot": slot, "patient": citizen[1]}).encode()
    return load.post("/api/v1/holds", body, Authorization=f"Bearer {citizen[0]}")


def _book_held(citizen: tuple[str, str], slot: int, hold: str) -> bytes:
    body = json.dumps({"slot": slot, "patient": citizen[1], "hold": hold}).encode()
    key = f"held-{citizen[1]}"
    return load.post("/api/v1/appointments", body, Authorization=f"Bearer {citizen[0]}", Idempotency_Key=key)


def _give_back(city: Askew, held: _Tried) -> None:
    request = (
        f"DELETE /api/v1/holds/{held.body['id']} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {held.token}"
    )
    other = {"fast": "slow", "slow": "fast"}[held.machine]
    given = _ask(city, other, f"{request}\r\n\r\n".encode())
    assert given.status == 204, given


def _ask(city: Askew, machine: str, request: bytes, act: str = "", token: str = "") -> _Tried:
    port = city.machines[list(OFFSETS).index(machine)]
    status, body = answer_of(port, request)
    return _Tried(machine, act, time.time(), status, body, token)


CASES = (release_by_wrong_clocks, places_held_by_wrong_clocks)
