"""Puts a ledger back on a machine that has none: a base, and the log from it up to the last commit or to a moment."""

import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from deploy.account import server_account
from deploy.backups.ledger import connection_string, program
from deploy.backups.sealed import Damaged
from deploy.backups.store import Base, CannotBackUp, Store
from deploy.embedded import CannotStart, Postgres

# How many pieces of how many were put back: of the base by bytes, of the log by number.
Progress = Callable[[str, int, int], None]

_SETTINGS = """# Written by the restore; the server reads it until it has caught up.
restore_command = 'cp "{log}/%f" "%p"'
recovery_target_timeline = 'latest'
recovery_target_action = 'promote'
# Whoever was waited for is not there on the new machine, and every commit would wait for them.
synchronous_standby_names = ''
"""
# Whose words are read must be told not to translate them.
_PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
_DOOR = "host all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True, slots=True)
class Restored:
    """What there is now. `last` is when the last commit was made, None if nothing was committed since the base."""

    base: Base
    pieces: int
    last: datetime | None
    appointments: int


def restore(
    store: Store, folder: Path, database: Mapping[str, Any], *, until: datetime | None = None,
    progress: Progress = lambda what, done, of: None,
) -> Restored:  # fmt: skip
    """Make `folder` the folder of a ledger (`folder/data`), carry the log out, and stop the server again.

    The account of the Django settings `database` is the one inside the backup. Raises CannotBackUp if the folder
    holds a ledger already, or there is no base from before `until`; Damaged, if a file was changed.
    """
    data = folder / "data"
    if data.exists() and any(data.iterdir()):
        raise CannotBackUp(f"{data} is not empty. A restore never overwrites a ledger: name another folder.")
    base = store.base_for(until)
    _refuse_other_server(base)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished, log = folder / "restoring", folder / "log"
    for rest in (unfinished, log):
        shutil.rmtree(rest, ignore_errors=True)
        rest.mkdir(mode=0o700)
    try:
        _unpack(store, base, unfinished, progress)
        pieces = _lay_out_log(store, base, log, progress)
        _say_where_to_go(unfinished, log, until)
        _own([unfinished, log])
        unfinished.rename(data)
        last, appointments = _catch_up(folder, database, progress, pieces)
    except (Damaged, OSError, tarfile.TarError) as reason:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise CannotBackUp(f"The backup of {base.taken_at:%Y-%m-%d %H:%M} cannot be read: {reason}") from None
    finally:
        shutil.rmtree(log, ignore_errors=True)
    return Restored(base, pieces, last, appointments)


def _refuse_other_server(base: Base) -> None:
    said = subprocess.run([program("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    ours = said.split()[2]
    if ours.split(".")[0] != base.server.split(".")[0]:
        raise CannotBackUp(
            f"The backup is of PostgreSQL {base.server}, here is {ours}: restore where the same version is."
        )


def _unpack(store: Store, base: Base, into: Path, progress: Progress) -> None:
    done = 0

    def counted() -> Iterator[bytes]:
        nonlocal done
        for chunk in store.read_base(base):
            done += len(chunk)
            progress("base", done, done)
            yield chunk

    chunks = counted()
    with tarfile.open(fileobj=_Reader(chunks), mode="r|") as archive:  # type: ignore[call-overload]
        # Early versions of Python 3.11 have no filter; the archive is our own, whole or refused.
        archive.extractall(into, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))  # type: ignore[arg-type]
    # The seal of the last piece is behind the end of the archive.
    for _rest in chunks:
        pass
    into.chmod(0o700)


def _lay_out_log(store: Store, base: Base, log: Path, progress: Progress) -> int:
    found = store.log_from(base.segment)
    for number, (name, path) in enumerate(sorted(found.items()), start=1):
        with (log / name).open("wb") as out:
            for chunk in store.read_log(path):
                out.write(chunk)
        progress("log", number, len(found))
    return len(found)


def _say_where_to_go(data: Path, log: Path, until: datetime | None) -> None:
    settings = _SETTINGS.format(log=log)
    if until is not None:
        settings += f"recovery_target_time = '{until.isoformat()}'\n"
    with (data / "postgresql.auto.conf").open("a") as file:
        file.write(settings)
    (data / "recovery.signal").touch()
    # Debian keeps these beside the data, so a backup of its servers has none; its service goes on using its own.
    for name, content in (("postgresql.conf", ""), ("pg_hba.conf", _DOOR)):
        if not (data / name).exists():
            (data / name).write_text(content)
    for left_over in ("standby.signal", "postmaster.pid"):
        (data / left_over).unlink(missing_ok=True)


def _own(folders: list[Path]) -> None:
    account = server_account(folders[0])
    if account:
        for folder in folders:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, *account)


def _catch_up(
    folder: Path, database: Mapping[str, Any], progress: Progress, pieces: int
) -> tuple[datetime | None, int]:
    """Start a server on the folder, which replays the log, look what is in it, and stop it."""
    # What the ledger was told about others is no business of this server.
    alone = ("archive_mode=off", "primary_conninfo=", "hot_standby=on")
    server = Postgres(folder, str(database["PASSWORD"]), settings=(*alone, *_as_large_as_it_was(folder / "data")))
    try:
        server.start()
        where = {**database, "HOST": "127.0.0.1", "PORT": str(server.port)}
        with psycopg.connect(connection_string(where), password=database["PASSWORD"], autocommit=True) as connection:
            _wait_until_caught_up(connection, folder, progress, pieces)
            return _look(connection)
    except (CannotStart, psycopg.Error) as reason:
        said = (folder / "postgres.log").read_text(errors="replace") if (folder / "postgres.log").exists() else ""
        if "recovery ended before configured recovery target" in said:
            raise CannotBackUp("The log ends before that moment: name an earlier one, or none.") from None
        raise CannotBackUp(f"The restored ledger does not start: {str(reason).strip()}") from None
    finally:
        server.stop()


def _as_large_as_it_was(data: Path) -> list[str]:
    """Settings that a server must not have lower than the one whose log it reads; they may stand on no file of it."""
    control = [program("pg_controldata"), data]
    said = subprocess.run(control, capture_output=True, text=True, check=True, env=_PLAIN).stdout
    found = dict(re.findall(r"^(max_\w+) setting:\s+(\d+)$", said, flags=re.MULTILINE))
    names = {"max_prepared_xacts": "max_prepared_transactions", "max_locks_per_xact": "max_locks_per_transaction"}
    return [f"{names.get(name, name)}={value}" for name, value in found.items()]


def _wait_until_caught_up(connection: Any, folder: Path, progress: Progress, pieces: int) -> None:
    while connection.execute("SELECT pg_is_in_recovery()").fetchone()[0]:
        done = len(re.findall("restored log file", (folder / "postgres.log").read_text(errors="replace")))
        progress("replay", min(done, pieces), pieces)
        connection.execute("SELECT pg_sleep(0.1)")
    progress("replay", pieces, pieces)


def _look(connection: Any) -> tuple[datetime | None, int]:
    last = connection.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()[0]
    known = connection.execute("SELECT to_regclass('booking_appointment') IS NOT NULL").fetchone()[0]
    taken = "SELECT count(*) FROM booking_appointment WHERE place IS NOT NULL"
    return last, connection.execute(taken).fetchone()[0] if known else 0


class _Reader:
    """A file to read from, over pieces of any size."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._buffer = chunks, b""

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; fewer only at the end."""
        parts, there = [self._buffer], len(self._buffer)
        while there < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            parts.append(chunk)
            there += len(chunk)
        whole = b"".join(parts)
        self._buffer = whole[size:]
        return whole[:size]
