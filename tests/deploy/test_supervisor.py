"""The supervisor starts what has ended again, gives up where it must, and stops in order."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from deploy import processes, supervisor
from deploy.embedded import CannotStart
from deploy.supervisor import Kept, Supervisor


@dataclass
class Sleeper:
    """A service that sleeps, or one that ends at once."""

    name: str = "sleeper"
    seconds: str = "60"
    stopped: list[str] = field(default_factory=list)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = processes.start(["sleep", self.seconds])

    def stop(self) -> None:
        self.stopped.append(self.name)
        if self.process:
            processes.finish(self.process)


@pytest.fixture
def said() -> list[str]:
    return []


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_last_one_started_is_the_first_one_stopped(said: list[str]) -> None:
    supervised = Supervisor(said.append)
    stopped: list[str] = []
    for name in ("ledger", "gate", "jobs", "web"):
        supervised.start(Kept(name, Sleeper(name, stopped=stopped)))
    assert list(supervised.pids()) == ["ledger", "gate", "jobs", "web"]

    supervised.stop()

    assert stopped == ["web", "jobs", "gate", "ledger"]
    assert supervised.pids() == {}


def test_what_was_killed_is_started_again(said: list[str]) -> None:
    supervised, web = Supervisor(said.append), Kept("web", Sleeper())
    supervised.start(web)
    assert web.service.process
    killed = web.service.process
    killed.kill()
    killed.wait()

    _until(supervised.look_after)

    assert web.pid not in {None, killed.pid}
    assert said == ["web ended (exit code -9); starting it again in 0.5 s."]
    supervised.stop()


def test_a_server_that_ends_again_and_again_is_given_up(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_LONGEST_WAIT", 0.05)
    supervised = Supervisor(said.append)
    supervised.start(Kept("gate", Sleeper(seconds="0"), tries=2))

    def gives_up() -> bool:
        try:
            supervised.look_after()
        except CannotStart as reason:
            said.append(str(reason))
            return True
        return False

    _until(gives_up)

    assert len(said) == 3
    assert said[-1] == "gate ended 3 times and could not be kept running."
    supervised.stop()


def test_waits_grow_but_not_for_ever(said: list[str]) -> None:
    web = Kept("web", Sleeper(seconds="0"))
    web.start()

    for _ in range(9):
        assert web.service.process
        web.service.process.wait()
        web._plan(said.append)

    waits = [float(sentence.split()[-2]) for sentence in said]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
