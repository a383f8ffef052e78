"""Takes a base: a copy of the whole ledger, while it goes on."""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg

from deploy.backups.ledger import connection_string, environment, program
from deploy.backups.store import Base, CannotBackUp, Store, write_sealed

_READ = 1 << 20
_SEGMENT_BYTES = 16 << 20
_START = re.compile(r"write-ahead log start point: ([0-9A-F]+)/([0-9A-F]+) on timeline (\d+)")
# How much has been read of how much, in bytes; how much there is, is an estimate.
Progress = Callable[[int, int], None]


def take(store: Store, database: Mapping[str, Any], *, keep: int, progress: Progress = lambda done, of: None) -> Base:
    """Copy the ledger of the Django settings `database` into the store, and forget all but the newest `keep` bases.

    The account needs the right to replicate. Raises CannotBackUp, with nothing changed.
    """
    store.prepare()
    taken_at = datetime.now(UTC)
    name = f"{taken_at:%Y-%m-%dT%H-%M-%SZ}"
    size, server = _ask(database)
    # With the log that was written meanwhile, so that a base can be restored without anything else.
    command: list[str | Path] = [
        program("pg_basebackup"), "--pgdata", "-", "--format", "tar", "--wal-method", "fetch", "--checkpoint", "fast",
        "--verbose", "--no-password", "--dbname", connection_string(database, application_name="vaccine_base"),
    ]  # fmt: skip
    path = store.bases_folder / f"{name}.tar.sealed.unfinished"
    copying = subprocess.Popen(
        command, env=environment(database), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert copying.stdout
        assert copying.stderr
        written = write_sealed(path, _watched(copying.stdout, size, progress), store.ring)
        said = copying.stderr.read().decode(errors="replace")
        if copying.wait(60) or not (started := _START.search(said)):
            raise CannotBackUp(f"The ledger could not be copied: {said.strip()[-400:]}")
        base = Base(name=name, taken_at=taken_at, segment=_segment(started), size=written, server=server)
        store.keep_base(base, path)
    finally:
        if copying.poll() is None:
            copying.kill()
            copying.wait()
        path.unlink(missing_ok=True)
    store.prune(keep)
    store.note(base_at=taken_at.timestamp())
    return base


def _ask(database: Mapping[str, Any]) -> tuple[int, str]:
    try:
        with psycopg.connect(
            connection_string(database), password=database["PASSWORD"], connect_timeout=10
        ) as connection:
            row = connection.execute(
                "SELECT sum(pg_database_size(oid))::bigint, current_setting('server_version') FROM pg_database"
            ).fetchone()
            assert row
            return int(row[0]), str(row[1])
    except psycopg.Error as error:
        raise CannotBackUp(f"The ledger does not answer: {str(error).strip()}") from None


def _watched(source: IO[bytes], size: int, progress: Progress) -> Iterator[bytes]:
    done = 0
    for chunk in iter(lambda: source.read(_READ), b""):
        done += len(chunk)
        progress(done, max(size, done))
        yield chunk


def _segment(started: re.Match[str]) -> str:
    """The name of the piece of log in which the base begins."""
    high, low, timeline = int(started[1], 16), int(started[2], 16), int(started[3])
    return f"{timeline:08X}{high:08X}{low // _SEGMENT_BYTES:08X}"
