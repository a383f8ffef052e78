"""Reminders for a whole city: `make bench ARGS="--messages"`.

All reminders are written, by four workers at once. Of sending a sample is measured: so many of them are claimed, put
into words and posted to a counting gateway on loopback, by four workers at once, with all the others waiting behind.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.installation import Installation
from tests.faults.stub_gateway import StubGateway

WORKERS, SENT = 4, 40_000
# Seconds for all of them; a worker looks again every five minutes.
WRITTEN_WITHIN = 300.0
_ROOT = Path(__file__).resolve().parents[2]


def measure(city: Installation, count: int) -> tuple[list[str], bool]:
    """The figures as lines, and whether nothing was written or sent twice and the target was met."""
    gateway = StubGateway()
    gateway.up()
    city.environment |= {
        "SMS_CHANNEL": "http", "SMS_URL": gateway.url, "SMS_TOKEN": "stub", "DATABASE_POOL": "0",
        "MESSAGES_A_DAY": "1000000000",
    }  # fmt: skip
    evening = city.script("tests.bench.messages_work", "fill", str(count))["evening"]
    writing, written = _together(city, "remind", evening)
    rows, keys = _counted(city)
    began = time.monotonic()
    again = city.script("tests.bench.messages_work", "remind", evening)["done"]
    looked = time.monotonic() - began
    sending, sent = _together(city, "send", evening, str(SENT // WORKERS))
    arrived, once = sum(gateway.keys.values()), len(gateway.keys)
    gateway.down()
    is_right = rows == keys == sum(written) == count and again == 0 and arrived == once == sum(sent)
    lines = [
        f"{count:,} reminders written by {WORKERS} workers, {min(written):,} to {max(written):,} each: "
        f"{writing:.1f} s, {count / writing:,.0f} a second "
        f"(at most {WRITTEN_WITHIN:.0f} s: {'met' if writing <= WRITTEN_WITHIN else 'NOT MET'})",
        f"looked for again, with nothing to do: {looked:.1f} s",
        f"sample: {sum(sent):,} claimed, written out and posted by {WORKERS} workers, with {count:,} waiting: "
        f"{sending:.1f} s, {sum(sent) / sending:,.0f} a second",
        f"rows {rows:,}, different keys {keys:,}; at the gateway {arrived:,} posted, {once:,} different keys: "
        f"{'no doubles' if is_right else 'NOT RIGHT'}",
    ]
    return lines, is_right and writing <= WRITTEN_WITHIN


def _together(city: Installation, what: str, *arguments: str) -> tuple[float, list[int]]:
    command = [sys.executable, "-m", "tests.bench.messages_work", what, *arguments]
    began = time.monotonic()
    workers = [
        subprocess.Popen(command, env=city.environment, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    answers: list[dict[str, Any]] = [json.loads(worker.communicate()[0]) for worker in workers]
    # Starting Python and Django is not what is measured.
    seconds = max(answer["seconds"] for answer in answers)
    assert seconds <= time.monotonic() - began
    return seconds, [answer["done"] for answer in answers]


def _counted(city: Installation) -> tuple[int, int]:
    with psycopg.connect(city.ledger.url()) as connection:
        row = connection.execute(
            "SELECT count(*), count(DISTINCT key) FROM booking_message WHERE kind = 'REMINDER_DAY'"
        ).fetchone()
        assert row is not None
        return int(row[0]), int(row[1])
