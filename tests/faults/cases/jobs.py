"""Whatever carries out jobs is killed in the middle of one: the job is done again, and its effect is there once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.installation import Installation
from tests.faults.rush import Rush, audit, wait_until
from tests.faults.stub_gateway import StubGateway

_ROOT = Path(__file__).resolve().parents[3]
# A job is handed out again after ten seconds here, after seven minutes in a city.
_AGAIN = 60


def opened() -> Installation:
    """An installation whose jobs are handed out again within seconds."""
    return Installation("tests.faults.fast_jobs")


class Workers:
    """`manage.py qcluster` in processes of its own, all of which can be killed at once."""

    def __init__(self, city: Installation, **environment: str) -> None:
        log = (city.folder / "jobs.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "django", "qcluster"],
            env={**city.environment, "DATABASE_POOL": "0", **environment},
            cwd=_ROOT, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        """kill -9, everything that it has started included."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)


@contextmanager
def _two(city: Installation, middle: Callable[[], bool], what: str, **environment: str) -> Iterator[None]:
    """One is killed in the middle of the work, and another, which starts then, is left to do it."""
    first = Workers(city, **environment)
    try:
        wait_closely(middle, 60, what)
    finally:
        first.kill()
    second = Workers(city, **environment)
    try:
        yield
    finally:
        second.kill()


def wait_closely(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a moment that soon passes."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"after {seconds} s still not: {what}"
        time.sleep(0.002)


def killed_while_sending(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """kill -9 while 400 confirmations are on their way to a slow gateway."""
    gateway = StubGateway()
    city.script("tests.faults.sending", "phones")
    with Rush(city, made["citizens"][:400], made["slots"], seconds=20, connections=16) as rush:
        pass
    gateway.up("slow")
    told = {"SMS_CHANNEL": "http", "SMS_URL": gateway.url, "SMS_TOKEN": "stub"}
    try:
        with _two(city, lambda: gateway.asked["slow"] >= 40, "forty messages", **told):
            at_kill = len(gateway.keys)
            gateway.up("well")
            # Whoever claims messages and dies leaves them to the others after two minutes; nobody waits for that here.
            _run(city, "UPDATE booking_message SET due_at = now() WHERE sent_at IS NULL")
            took = wait_until(lambda: not _unsent(city), _AGAIN, "everything is sent")
    finally:
        gateway.down()
    expected = {f"BOOKED:{reference}" for reference in rush.references}
    twice = sum(gateway.keys.values()) - len(gateway.keys)
    say(
        f"killed with {at_kill} of {len(expected)} on their way; all sent {took:.0f} s later, {twice} of them a second "
        "time under the same key"
    )
    assert set(gateway.keys) == expected


def killed_in_a_bulk_change(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """kill -9 while a plan of three weeks is carried out at fifty sites."""
    asked = city.script("tests.faults.job_work", "plan")
    slots = f"SELECT count(*) FROM booking_slot WHERE programme_id = {asked['programme']}"
    with _two(city, lambda: _number(city, slots) > 0, "the first site has its slots"):
        at_kill = _number(city, slots)
        took = wait_until(lambda: _is_done(city), _AGAIN, "the plan is carried out")
    there, places = _number(city, slots), slots.replace("count(*)", "count(DISTINCT (site_id, starts_at))")
    say(f"killed after {at_kill} of {asked['slots']} slots; all {there} there {took:.0f} s later, each once")
    assert 0 < at_kill < asked["slots"], "it was over before it was killed"
    assert there == asked["slots"] == _number(city, places)
    assert audit(city)["clean"]


def killed_while_passing_places_on(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """kill -9 while the places of 500 cancelled appointments are given back."""
    with Rush(city, made["citizens"][400:900], made["slots"], seconds=30, connections=16) as rush:
        pass
    references = city.folder / "references.json"
    references.write_text(json.dumps(rush.references))
    city.script("tests.faults.job_work", "cancel", str(references))
    held = "SELECT count(*) FROM booking_appointment WHERE status = 'CANCELLED' AND place IS NOT NULL"
    asked = _number(city, held)
    with _two(city, lambda: _number(city, held) < asked, "the first places are free"):
        at_kill = _number(city, held)
        took = wait_until(lambda: not _number(city, held), _AGAIN, "all are free")
    say(f"killed with {at_kill} of {asked} still held; all free {took:.0f} s later")
    found = audit(city)
    assert found["clean"], found
    say(f"{found['places_taken']} places taken, none oversold, no drift")


def two_at_once(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """Two side by side send what 800 bookings cause: nothing twice, although nobody was killed."""
    gateway = StubGateway()
    gateway.up("well")
    told = {"SMS_CHANNEL": "http", "SMS_URL": gateway.url, "SMS_TOKEN": "stub"}
    city.script("tests.faults.sending", "phones")
    both = [Workers(city, **told) for _ in range(2)]
    try:
        with Rush(city, made["citizens"][900:1700], made["slots"], seconds=60, connections=16) as rush:
            pass
        took = wait_until(lambda: not _unsent(city), 90, "everything is sent")
    finally:
        for workers in both:
            workers.kill()
        gateway.down()
    own = {f"BOOKED:{reference}" for reference in rush.references}
    say(f"{len(own)} booked, all told {took:.0f} s later; {sum(gateway.keys[key] > 1 for key in own)} of them twice")
    assert {gateway.keys[key] for key in own} == {1}


def _is_done(city: Installation) -> bool:
    return not _number(city, "SELECT count(*) FROM booking_quotachange WHERE state <> 'done'")


def _unsent(city: Installation) -> int:
    return _number(city, "SELECT count(*) FROM booking_message WHERE sent_at IS NULL AND dropped_at IS NULL")


def _number(city: Installation, statement: str) -> int:
    with psycopg.connect(city.ledger.url()) as connection:
        row = connection.execute(statement).fetchone()  # type: ignore[arg-type]
        return int(row[0]) if row else 0


def _run(city: Installation, statement: str) -> None:
    with psycopg.connect(city.ledger.url()) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


CASES = (killed_while_sending, killed_in_a_bulk_change, killed_while_passing_places_on, two_at_once)
