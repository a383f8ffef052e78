"""Replicas of a ledger for the faults and for tests: streaming, synchronous or not, that can be frozen and promoted."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from deploy import processes
from deploy.embedded import CannotStart, Postgres
from deploy.wheels import postgres_folder


@dataclass
class Replica(Postgres):
    """A streaming replica of the running server `of`, made from it at the first start. `of` needs no preparation.

    It hears of it through the port `via`, if that is given.
    """

    of: Postgres | None = None
    via: int = 0

    def _initdb(self, data: Any, account: tuple[int, int] | None) -> None:
        assert self.of is not None
        made = processes.start(
            [
                postgres_folder() / "bin" / "pg_basebackup", "-D", data, "-d", f"{self.of.url('postgres')}",
                "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync",
            ],
            output=subprocess.PIPE, environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, account=account,
            folder=self.folder,
        )  # fmt: skip
        said = b"".join(made.communicate()).decode(errors="replace").strip()
        if made.returncode:
            raise CannotStart(f"pg_basebackup ended with {made.returncode}: {said[-400:]}")
        written = data / "postgresql.auto.conf"
        written.write_text(written.read_text().replace(f"port={self.of.port}", f"port={self.via or self.of.port}"))

    def freeze(self) -> None:
        """Receive what the ledger writes, and do not show it."""
        run(self, "SELECT pg_wal_replay_pause()")

    def thaw(self) -> None:
        """Show everything again."""
        run(self, "SELECT pg_wal_replay_resume()")

    def promote(self) -> None:
        """Become the ledger; returns when it can be written."""
        run(self, "SELECT pg_promote(true, 30)")

    def position(self) -> int:
        """How far it shows what the ledger has written."""
        return number(self, "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint")


def wait_for(server: Postgres, count: int = 1, seconds: float = 30) -> None:
    """Until so many replicas stream from the server."""
    until(
        lambda: number(server, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") >= count, seconds
    )


def synchronous(server: Postgres, names: str = "*") -> None:
    """From now on a commit waits for one of these replicas; for none, if `names` is empty."""
    run(server, f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
    run(server, "SELECT pg_reload_conf()")


def kill(server: Postgres) -> None:
    """kill -9 the postmaster; returns when its last child has gone too."""
    assert server.process is not None
    session = server.process.pid
    os.kill(session, signal.SIGKILL)
    server.process.wait(10)
    # A server that starts while they still hold its memory refuses to.
    until(lambda: not _members(session), 30)


def number(server: Postgres, statement: str, database: str = "postgres") -> int:
    """The number that the statement answers with, 0 for none."""
    with psycopg.connect(server.url(database), autocommit=True, connect_timeout=5) as connection:
        row = connection.execute(statement).fetchone()  # type: ignore[call-overload]
        return int(row[0]) if row and row[0] is not None else 0


def run(server: Postgres, statement: str, database: str = "postgres") -> None:
    """Carry the statement out, by itself."""
    with psycopg.connect(server.url(database), autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def until(true: Callable[[], bool], seconds: float) -> None:
    """Wait for it. Raises AssertionError when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.Error):
            if true():
                return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def _members(session: int) -> list[int]:
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, IndexError):
            stat = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            if int(stat[3]) == session and stat[0] != "Z":
                found.append(int(name))
    return found
