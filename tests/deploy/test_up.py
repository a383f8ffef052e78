"""`make run` as a person uses it: a real process, a folder of its own, a real browser's requests, Ctrl-C."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy import processes
from deploy.embedded import free_port

HOUSE = Path(__file__).resolve().parents[2]
_TEN_JOBS = """
from django_q.tasks import async_task
for number in range(10):
    async_task("math.factorial", number)
"""


def _until(condition: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@dataclass
class City:
    data: Path
    port: int
    process: "subprocess.Popen[str] | None" = None

    def environment(self, **more: str) -> dict[str, str]:
        # Nothing of the test run's own servers and keys.
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **kept,
            "PORT": str(self.port),
            "DATA": str(self.data),
            "DEMONSTRATION": "0",
            "JOB_WORKERS": "1",
            **more,
        }

    def start(self) -> None:
        log = (self.data.parent / "output.txt").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.up"], cwd=HOUSE, env=self.environment(), stdout=log, stderr=log, text=True
        )
        # A first start makes servers and tables; a busy machine takes minutes for what takes seconds otherwise.
        _until(lambda: "Ctrl-C" in self.said() or (self.process and self.process.poll() is not None), seconds=240)
        assert self.process.poll() is None, self.said()

    def refused(self, **more: str) -> str:
        """What a start says that cannot succeed."""
        done = subprocess.run(
            [sys.executable, "-m", "deploy.up"],
            cwd=HOUSE, env=self.environment(**more), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 1
        return done.stderr.strip()

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        assert self.process
        self.process.send_signal(how)
        return self.process.wait(60)

    def said(self) -> str:
        return (self.data.parent / "output.txt").read_text()

    def servers(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.data / "servers.json").read_text())
        return found

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "deploy.manage_running", *arguments],
            cwd=HOUSE, env=self.environment(), capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    def answers(self) -> int | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/static/admin/css/base.css")
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def processes(self) -> list[str]:
        """Everything that stands in the city's folder, names it, or was given it."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or processes.birth(int(entry.name)) is None:
                continue
            try:
                traces = [os.readlink(entry / "cwd")]
                traces += [(entry / name).read_bytes().decode(errors="replace") for name in ("cmdline", "environ")]
            except OSError:
                continue
            if any(str(self.data) in trace for trace in traces):
                found.append(traces[1].replace("\0", " "))
        return found


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("installation") / "city", free_port())
    city.start()
    yield city
    if city.process and city.process.poll() is None:
        city.stop()


@pytest.fixture
def city(started: City) -> City:
    """The one city of this file, running."""
    if started.process is None or started.process.poll() is not None:
        started.start()
    return started


def test_it_serves_and_says_where(city: City) -> None:
    assert city.answers() == 200
    assert city.servers()["web"] == f"http://127.0.0.1:{city.port}"
    for address in ("/", "/admin/", "/api/docs"):
        assert f"http://127.0.0.1:{city.port}{address}\n" in city.said()


def test_a_second_start_on_the_same_data_is_refused(city: City) -> None:
    assert city.process

    said = city.refused(PORT=str(free_port()))

    assert said == f"DATA folder {city.data} is in use by process {city.process.pid}, which is running now."
    assert city.answers() == 200


def test_a_taken_port_is_refused(city: City, tmp_path: Path) -> None:
    said = city.refused(DATA=str(tmp_path / "other"))

    assert said.startswith(f"PORT {city.port} on 127.0.0.1 cannot be used (Address already in use): choose another")
    assert len(said.splitlines()) == 1


def test_one_server_address_without_the_other_is_refused(city: City, tmp_path: Path) -> None:
    elsewhere = {"DATA": str(tmp_path / "other"), "PORT": str(free_port())}

    said = city.refused(**elsewhere, REDIS_URL="redis://127.0.0.1:1")

    assert said == "REDIS_URL is set and DATABASE_URL is not: set both to use servers of your own, or neither."


def test_servers_of_ones_own_that_do_not_answer_are_named(city: City, tmp_path: Path) -> None:
    elsewhere = {"DATA": str(tmp_path / "other"), "PORT": str(free_port())}

    said = city.refused(
        **elsewhere, DATABASE_URL="postgresql://x@127.0.0.1:1/x", REDIS_URL=str(city.servers()["redis_url"])
    )

    assert said.startswith("Preparing failed: PostgreSQL at DATABASE_URL does not answer: ")
    assert "Traceback" not in said


def test_data_of_another_postgresql_are_refused(city: City, tmp_path: Path) -> None:
    data = tmp_path / "old"
    (data / "ledger" / "data").mkdir(parents=True)
    (data / "ledger" / "data" / "PG_VERSION").write_text("13\n")
    (data / "secrets.json").write_text((city.data / "secrets.json").read_text())

    said = city.refused(DATA=str(data), PORT=str(free_port()))

    assert "was made by PostgreSQL 13 and this is PostgreSQL" in said
    assert "Traceback" not in said


def test_jobs_are_carried_out(city: City) -> None:
    enqueued = city.manage("shell", "-v", "0", "-c", _TEN_JOBS)
    assert enqueued.returncode == 0, enqueued.stderr

    # One second a look: several looks, but far fewer than where processes share a connection that a fork tore.
    with psycopg.connect(city.servers()["database_url"], autocommit=True) as connection:
        done = "SELECT count(*) FROM django_q_task WHERE func = 'math.factorial' AND success"
        _until(lambda: connection.execute(done).fetchone() == (10,), seconds=20)


def test_a_killed_web_server_comes_back(city: City) -> None:
    killed = city.servers()["pids"]["web"]
    os.kill(killed, signal.SIGKILL)

    _until(lambda: city.servers()["pids"].get("web") not in {None, killed} and city.answers() == 200)

    assert "web ended (exit code -9); starting it again in 0.5 s." in city.said()


def test_a_killed_ledger_comes_back_at_the_same_address(city: City) -> None:
    before = city.servers()
    os.kill(before["pids"]["ledger"], signal.SIGKILL)

    _until(lambda: city.servers()["pids"].get("ledger") not in {None, before["pids"]["ledger"]})

    with psycopg.connect(before["database_url"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_ctrl_c_stops_everything_and_the_data_stay(city: City) -> None:
    with psycopg.connect(city.servers()["database_url"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    assert len(city.processes()) > 5

    assert city.stop() == 0

    assert city.processes() == []
    assert not (city.data / "servers.json").exists()
    assert city.manage("check").stderr.startswith(f"No city is running on {city.data}")
    began = time.monotonic()
    city.start()
    assert time.monotonic() - began < 15
    with psycopg.connect(city.servers()["database_url"]) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)


def test_nothing_outlives_a_supervisor_that_was_killed(city: City) -> None:
    assert city.stop(signal.SIGKILL) == -signal.SIGKILL

    _until(lambda: city.processes() == [])

    city.start()
    assert city.answers() == 200
