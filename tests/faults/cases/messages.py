"""The gateway is down for the whole of a release, then it comes back slow, confused and doubling before it is well."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.installation import Installation
from tests.faults.rush import Rush, audit, lost, wait_until
from tests.faults.stub_gateway import StubGateway

PEOPLE = 5000
_SPEED = 60
_ROOT = Path(__file__).resolve().parents[3]


def messages(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The gateway for text messages is down while 5,000 people book, and comes back in a bad state."""
    gateway = StubGateway()
    given = city.script("tests.faults.sending", "phones")
    before = _number(city, "SELECT count(*) FROM booking_message")
    _run(city, "UPDATE booking_message SET dropped_at = now() WHERE sent_at IS NULL AND dropped_at IS NULL")
    with _workers(city, gateway):
        with Rush(city, made["citizens"][:PEOPLE], made["slots"], seconds=180, connections=64) as rush:
            pass
        promised = rush.references
        say(
            f"{given} people with a phone, {len(promised)} booked in {rush.result.seconds:.0f} s with no gateway at all"
        )
        assert len(promised) == PEOPLE, dict(rush.result.statuses)
        assert not lost(city, promised), "a booking was harmed"
        _waits(city)
        took = wait_until(lambda: _alerts(city) == (1, 0), 180, "an alert")
        say(f"the alert was raised ({took:.0f} s later; the sending job's clock runs {_SPEED} times as fast)")
        for mode, few in (("nonsense", 5), ("slow", 64), ("twice", 500), ("well", 0)):
            gateway.up(mode)
            wait_until(lambda mode=mode, few=few: gateway.asked[mode] >= few, 240, f"{few} messages while {mode}")
        took = wait_until(lambda: len(gateway.keys) >= PEOPLE and not _unsent(city), 600, "all messages arrive")
        ended = wait_until(lambda: _alerts(city) == (1, 1), 120, "the alert ends")
    expected = {f"BOOKED:{reference}" for reference in promised}
    arrived = sum(gateway.keys.values())
    how = ", ".join(f"{count} while {mode}" for mode, count in gateway.asked.items())
    say(
        f"{arrived} requests came in ({how}), the last {took:.0f} s after it was well; "
        f"{arrived - len(gateway.keys)} were there already, by their key"
    )
    assert set(gateway.keys) == expected, f"{len(expected ^ set(gateway.keys))} keys differ"
    say(f"{len(gateway.keys)} different keys, one for each booking; the alert ended by itself {ended:.0f} s later")
    assert _number(city, "SELECT count(*) FROM booking_message") == before + PEOPLE
    found = audit(city)
    assert found["clean"], found


@contextmanager
def _workers(city: Installation, gateway: StubGateway) -> Iterator[None]:
    environment = {
        **city.environment, "SMS_CHANNEL": "http", "SMS_URL": gateway.url, "SMS_TOKEN": "stub", "DATABASE_POOL": "0",
    }  # fmt: skip
    log = (city.folder / "sending.log").open("ab")
    command = [sys.executable, "-m", "tests.faults.sending", "work", str(_SPEED)]
    workers = [subprocess.Popen(command, env=environment, cwd=_ROOT, stdout=log, stderr=log) for _ in range(2)]
    try:
        yield
        assert all(worker.poll() is None for worker in workers), (city.folder / "sending.log").read_text()[-3000:]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait(30)
        gateway.down()


def _waits(city: Installation) -> None:
    sent = _number(city, "SELECT count(*) FROM booking_message WHERE sent_at IS NOT NULL")
    assert sent == 0, f"{sent} messages count as sent, and there is no gateway"


def _unsent(city: Installation) -> int:
    return _number(city, "SELECT count(*) FROM booking_message WHERE sent_at IS NULL AND dropped_at IS NULL")


def _alerts(city: Installation) -> tuple[int, int]:
    rows = "SELECT count(*) FROM booking_alert WHERE kind = 'messages_not_sent'"
    return _number(city, rows), _number(city, f"{rows} AND ended_at IS NOT NULL")


def _number(city: Installation, statement: str) -> int:
    with psycopg.connect(city.ledger.url()) as connection:
        row = connection.execute(statement).fetchone()
        return int(row[0]) if row else 0


def _run(city: Installation, statement: str) -> None:
    with psycopg.connect(city.ledger.url()) as connection:
        connection.execute(statement)


CASES = (messages,)
