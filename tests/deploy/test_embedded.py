"""The embedded PostgreSQL and Valkey: they keep their data, ask for a password, and do not outlive their starter."""

import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from deploy import processes
from deploy.account import let_pass
from deploy.embedded import CannotStart, Postgres, Valkey, free_port

STRANGER = (54321, 54321)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data of a PostgreSQL that has run before."""
    folder = tmp_path_factory.mktemp("ledger")
    server = Postgres(folder, "p@ss/word")
    server.start()
    server.create_database()
    server.stop()
    return folder


@pytest.fixture
def postgres(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder, "p@ss/word")
    server.start()
    yield server
    server.stop()


def _alive(pid: int) -> bool:
    return processes.birth(pid) is not None


def test_what_is_written_is_there_after_a_restart(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    postgres.stop()
    postgres.start()
    postgres.create_database()

    with psycopg.connect(postgres.url()) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)


def test_a_wrong_password_is_refused_in_one_sentence(postgres: Postgres) -> None:
    postgres.password = "wrong"

    with pytest.raises(CannotStart, match="password authentication failed"):
        postgres.create_database()


def test_it_listens_on_loopback_only(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


def test_a_leftover_server_gives_way_to_a_new_start(postgres: Postgres, folder: Path) -> None:
    assert postgres.process
    later = Postgres(folder, "p@ss/word")

    later.start()

    assert postgres.process.wait(10) == 0
    later.create_database()
    later.stop()


def test_it_starts_again_after_it_was_killed(postgres: Postgres) -> None:
    assert postgres.process
    postgres.process.kill()
    postgres.process.wait()

    deadline = time.monotonic() + 20
    while True:
        try:
            postgres.start()
            break
        # Its own children need a moment to notice, and hold the shared memory until then.
        except CannotStart:
            assert time.monotonic() < deadline

    postgres.create_database()


def test_data_of_another_version_are_left_alone(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "ledger"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("pg_wal", "base"))
    (other / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(CannotStart, match=r"was made by PostgreSQL 9 and this is PostgreSQL \d+: .*pg_dump"):
        Postgres(other, "p@ss/word").start()


def test_an_interrupted_first_start_is_begun_anew(tmp_path: Path) -> None:
    half_made = tmp_path / "data.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    server = Postgres(tmp_path, "secret")

    server.start()
    server.create_database()

    server.stop()
    assert not half_made.exists()


def test_an_account_may_pass_through_but_not_list(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    data = home / "var" / "ledger"
    data.mkdir(mode=0o700, parents=True)

    let_pass(STRANGER, data)

    assert stat.S_IMODE(home.stat().st_mode) == 0o701
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_folder_that_lets_the_account_pass_already_is_not_touched(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    before = home.stat().st_ctime_ns

    let_pass(STRANGER, home / "ledger")

    assert home.stat().st_ctime_ns == before


def test_valkey_asks_for_its_password_and_keeps_what_it_was_told(tmp_path: Path) -> None:
    server = Valkey(tmp_path / "gate", password="secret")
    server.start()
    try:
        with redis.Redis.from_url(server.url()) as gate:
            gate.set("kept", "42")
        with redis.Redis(port=server.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.get("kept")
        server.stop()
        server.start()
        with redis.Redis.from_url(server.url()) as gate:
            assert gate.get("kept") == b"42"
    finally:
        server.stop()
    assert stat.S_IMODE((tmp_path / "gate" / "valkey.conf").stat().st_mode) == 0o600


def test_valkey_has_started_when_it_has_read_what_it_kept(tmp_path: Path) -> None:
    # So many microseconds for each key that it reads, and an answer to strangers all the while.
    slow = ("--key-load-delay", "200", "--loading-process-events-interval-bytes", "1024")
    server = Valkey(tmp_path / "gate", password="secret", options=slow)
    server.start()
    try:
        with redis.Redis.from_url(server.url()) as gate:
            gate.mset({f"kept:{n}": "x" * 50 for n in range(5000)})
            gate.bgrewriteaof()
            while gate.info("persistence")["aof_rewrite_in_progress"] or not gate.info("persistence")["aof_base_size"]:
                time.sleep(0.02)
        server.stop()
        server.start()
        with redis.Redis.from_url(server.url(), retry=None) as gate:
            assert gate.get("kept:4999") == b"x" * 50
    finally:
        server.stop()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = Valkey(tmp_path, port=free_port(), options=("--no-such-option", "1"))

    with pytest.raises(CannotStart, match="Valkey did not start"):
        server.start()

    assert server.process
    assert server.process.poll() is not None


def test_a_server_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from deploy.embedded import Valkey\n"
        "server = Valkey(Path(sys.argv[1])); server.start(); print(server.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        server = int(starter.stdout.readline())
        assert _alive(server)
        starter.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + 10
    while _alive(server) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(server)
