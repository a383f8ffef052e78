"""Backups and restores, with a ledger of their own that is killed and thrown away."""

import io
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy.backups.follow import Follower
from deploy.backups.ledger import SLOT
from deploy.backups.restore import restore
from deploy.backups.sealed import Damaged, seal, unseal
from deploy.backups.store import CannotBackUp, Store
from deploy.backups.take import take
from deploy.embedded import Postgres

RING = {"k2": os.urandom(32), "k1": os.urandom(32)}


def _sealed(content: bytes, ring: dict[str, bytes] = RING) -> bytes:
    out = io.BytesIO()
    seal([content], out, ring)
    return out.getvalue()


def _opened(sealed: bytes, ring: dict[str, bytes] = RING) -> bytes:
    return b"".join(unseal(io.BytesIO(sealed), ring))


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_what_was_sealed_is_read_again_and_does_not_stand_there_readable(size: int) -> None:
    content = os.urandom(size)

    sealed = _sealed(content)

    assert _opened(sealed) == content
    assert size < 10 or content[:10] not in sealed


def test_a_ring_still_reads_what_its_older_key_sealed() -> None:
    assert _opened(_sealed(b"old", {"k1": RING["k1"]})) == b"old"


@pytest.mark.parametrize(
    "harm",
    [
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[: 12 + 4 + (1 << 20) + 16],
        lambda sealed: sealed + b"x",
        lambda sealed: sealed[:500] + bytes([sealed[500] ^ 1]) + sealed[501:],
        lambda sealed: b"VBB1\x02k1" + sealed[7:],
        lambda sealed: b"VBB1\x02k9" + sealed[7:],
        lambda sealed: b"something else",
        lambda sealed: b"",
    ],
    ids=["cut", "cut between pieces", "longer", "a bit turned", "another key", "unknown key", "no backup", "empty"],
)
def test_a_file_that_was_changed_is_noticed(harm: Any) -> None:
    sealed = harm(_sealed(os.urandom(3_000_000)))

    with pytest.raises(Damaged):
        _opened(sealed)


@pytest.fixture
def place() -> Iterator[Path]:
    # Not pytest's own folder, through which the account that PostgreSQL runs under cannot pass.
    folder = Path(tempfile.mkdtemp(prefix="booking-tests-backups-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def ledger(place: Path) -> Iterator[Postgres]:
    server = Postgres(place / "ledger", password="of-a-test", settings=["max_wal_size=64MB"])
    server.start()
    server.create_database()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE booking_appointment (id serial, place int, at timestamptz DEFAULT now())")
    yield server
    server.stop()


@pytest.fixture
def store(place: Path) -> Store:
    return Store(place / "backups", RING)


def _database(server: Postgres) -> dict[str, Any]:
    return {
        "HOST": "127.0.0.1", "PORT": str(server.port), "USER": "postgres", "PASSWORD": server.password,
        "NAME": "booking",
    }  # fmt: skip


def _book(server: Postgres, count: int) -> None:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        for place in range(count):
            connection.execute("INSERT INTO booking_appointment (place) VALUES (%s)", [place])


def _gone(server: Postgres) -> None:
    assert server.process
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    shutil.rmtree(server.folder)


def _follow(store: Store, server: Postgres) -> Follower:
    follower = Follower(store, _database(server), say=lambda sentence: None)
    follower.start()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        # Every commit waits until it stands in the backup.
        connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{SLOT}'")
        connection.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + 20
        while not connection.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone():
            assert time.monotonic() < deadline, (store.folder / "receiving.log").read_text()
            time.sleep(0.05)
    return follower


def test_a_restore_on_an_empty_machine_has_the_last_commit(place: Path, ledger: Postgres, store: Store) -> None:
    _book(ledger, 10)
    take(store, _database(ledger), keep=7)
    follower = _follow(store, ledger)
    try:
        _book(ledger, 500)
        with psycopg.connect(ledger.url(), autocommit=True) as connection:
            # A few pieces of log, so that some are sealed before the end.
            for _ in range(3):
                connection.execute("SELECT pg_switch_wal()")
                _book(ledger, 1)
        follower.look()
        _book(ledger, 7)
        _gone(ledger)
    finally:
        follower.stop()

    done = restore(store, place / "new", _database(ledger))

    assert done.appointments == 10 + 500 + 3 + 7
    assert done.pieces >= 4
    assert done.last is not None
    assert sorted(path.suffix for path in store.log_folder.glob("0*"))[-3:] == [".sealed"] * 3
    assert not (place / "new" / "log").exists()
    again = Postgres(place / "new", password=ledger.password)
    again.start()
    try:
        # It does not wait for the backup that followed the old one.
        _book(again, 1)
    finally:
        again.stop()


def test_without_following_the_commits_after_the_base_are_lost(place: Path, ledger: Postgres, store: Store) -> None:
    _book(ledger, 10)
    take(store, _database(ledger), keep=7)
    _book(ledger, 5)
    _gone(ledger)

    assert restore(store, place / "new", _database(ledger)).appointments == 10


def test_a_restore_may_stop_at_a_moment(place: Path, ledger: Postgres, store: Store) -> None:
    take(store, _database(ledger), keep=7)
    follower = _follow(store, ledger)
    try:
        _book(ledger, 3)
        time.sleep(0.1)
        until = datetime.now(UTC)
        time.sleep(0.1)
        _book(ledger, 4)
        _gone(ledger)
    finally:
        follower.stop()

    assert restore(store, place / "new", _database(ledger), until=until).appointments == 3
    with pytest.raises(CannotBackUp, match="ends before that moment"):
        restore(store, place / "later", _database(ledger), until=until + timedelta(hours=1))
    with pytest.raises(CannotBackUp, match="no base from before"):
        restore(store, place / "earlier", _database(ledger), until=until - timedelta(hours=1))


def test_a_restore_overwrites_nothing_and_takes_no_damaged_file(place: Path, ledger: Postgres, store: Store) -> None:
    base = take(store, _database(ledger), keep=7)

    with pytest.raises(CannotBackUp, match="not empty"):
        restore(store, ledger.folder, _database(ledger))

    file = store.bases_folder / f"{base.name}.tar.sealed"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(CannotBackUp, match="cannot be read"):
        restore(store, place / "new", _database(ledger))
    assert not (place / "new" / "data").exists()


def test_old_bases_go_with_the_log_that_only_they_needed(ledger: Postgres, store: Store) -> None:
    follower = _follow(store, ledger)
    try:
        for _ in range(3):
            take(store, _database(ledger), keep=2)
            with psycopg.connect(ledger.url(), autocommit=True) as connection:
                connection.execute("SELECT pg_switch_wal()")
            _book(ledger, 1)
            time.sleep(1.1)
            follower.look()
        names = [base.name for base in store.bases()]
        take(store, _database(ledger), keep=2)
    finally:
        follower.stop()

    assert len(names) == 2
    assert store.bases()[0].name == names[1]
    oldest = store.bases()[0].segment
    assert all(path.name[:24] >= oldest for path in store.log_folder.glob("*.sealed"))
    assert store.status().keys() == {"base_at", "log_at"}


def test_a_ledger_that_does_not_answer_is_named_and_nothing_is_left_behind(ledger: Postgres, store: Store) -> None:
    ledger.stop()

    with pytest.raises(CannotBackUp, match="does not answer"):
        take(store, _database(ledger), keep=7)
    assert list(store.bases_folder.iterdir()) == []
