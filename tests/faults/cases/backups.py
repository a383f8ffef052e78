"""The ledger's machine is lost with everything on it, in the middle of a rush."""

import base64
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from deploy.embedded import Postgres
from tests.bench.installation import LEDGER_SETTINGS, Installation
from tests.faults.rush import Rush, Say, booked, promises_hold, wait_until

_ROOT = Path(__file__).resolve().parents[3]


def ledger_lost_and_restored(city: Installation, made: dict[str, Any], say: Say) -> None:
    """The ledger is killed and its data are deleted; it is restored from the backup, to the last commit."""
    folder = city.folder / "backups"
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    city.environment.update(BACKUP_FOLDER=str(folder), BACKUP_KEYS=f"k1:{key}")
    with Rush(city, made["citizens"], made["slots"], seconds=40, connections=8, pace=0.01) as rush:
        with _following(city):
            say(f"base taken while people book: {city.manage('backup').stdout.strip()}")
            before = booked(city)
            wait_until(lambda: booked(city) > before + 200, 30, "people go on booking")
            _lose(city)
            lost_at = time.monotonic()
            say("the ledger was killed, and its folder removed")
        said = city.manage("restore", "--to", str(city.folder / "ledger-restored")).stdout
        say(said.splitlines()[1])
        city.ledger = Postgres(
            city.folder / "ledger-restored", city.ledger.password, city.ledger.port, settings=LEDGER_SETTINGS
        )
        city.ledger.start()
        say(f"the ledger was back {time.monotonic() - lost_at:.1f} s after it was lost")
        before = booked(city)
        took = wait_until(lambda: booked(city) > before, 30, "people book again")
        say(f"the next booking stood in it {took:.1f} s later, with no hand on the web processes")
    assert json.loads((folder / "status.json").read_text())["base_at"] > 0
    promises_hold(city, rush, say)


@contextmanager
def _following(city: Installation) -> Iterator[None]:
    """The backup receives every commit, and the ledger waits for it."""
    log = (city.folder / "following.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, str(_ROOT / "manage.py"), "backup", "--follow"],
        env=city.environment, cwd=_ROOT, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        with psycopg.connect(city.ledger.url(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'vaccine_backup'")
            connection.execute("SELECT pg_reload_conf()")
        wait_until(lambda: _synchronous(city), 30, "the backup follows")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _synchronous(city: Installation) -> bool:
    with psycopg.connect(city.ledger.url()) as connection:
        found = connection.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone()
        return found is not None


def _lose(city: Installation) -> None:
    assert city.ledger.process
    os.killpg(city.ledger.process.pid, signal.SIGKILL)
    city.ledger.process.wait()
    shutil.rmtree(city.ledger.folder)


CASES = (ledger_lost_and_restored,)
