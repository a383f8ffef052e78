"""What processes count in files: added up, and kept when a process ends; how things stood in it goes with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.exposition import generate_latest

from deploy.metric_files import at_rest, bury_the_dead, living
from tests.deploy.asking import value

HOUSE = Path(__file__).resolve().parents[2]
_COUNTING = """
import sys
from booking.metrics import ACTS, BREAKER_OPEN, GATE_SECONDS
for _ in range(int(sys.argv[1])):
    ACTS.labels("book", "done").inc()
    GATE_SECONDS.observe(0.003)
BREAKER_OPEN.set(1)
print("counted", flush=True)
sys.stdin.read()
"""


class Counting:
    """A process that has counted so much, and ends when it is told to, or is killed."""

    def __init__(self, folder: Path, times: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _COUNTING, str(times)],
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": str(HOUSE)},
            cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        assert self.process.stdout.readline() == "counted\n"

    def end(self, *, by_force: bool = False) -> None:
        if by_force:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def scrape(folder: Path) -> str:
    with at_rest(folder) as registry:
        return generate_latest(registry).decode()


def booked(folder: Path) -> float:
    return value(scrape(folder), "vaccine_acts_total", act="book", outcome="done")


def test_what_all_processes_count_is_added_up(folder: Path) -> None:
    first, second = Counting(folder, 3), Counting(folder, 4)

    assert booked(folder) == 7
    assert value(scrape(folder), "vaccine_gate_seconds_count") == 7
    assert living(folder) == {first.process.pid, second.process.pid}
    first.end()
    second.end()


def test_a_process_that_was_killed_goes_on_counting_and_leaves_no_file(folder: Path) -> None:
    killed, alive = Counting(folder, 3), Counting(folder, 4)
    before = scrape(folder)
    killed.end(by_force=True)

    assert booked(folder) == 7
    after = scrape(folder)
    assert value(after, "vaccine_gate_seconds_bucket", le="0.005") == 7
    assert value(after, "vaccine_gate_seconds_sum") == pytest.approx(value(before, "vaccine_gate_seconds_sum"))
    assert living(folder) == {alive.process.pid}
    assert not list(folder.glob(f"*_{killed.process.pid}.db"))
    alive.end()


def test_a_breaker_that_was_open_in_a_dead_process_is_open_nowhere(folder: Path) -> None:
    gone, alive = Counting(folder, 1), Counting(folder, 1)
    assert value(scrape(folder), "vaccine_gate_breaker_open") == 2

    gone.end(by_force=True)

    assert value(scrape(folder), "vaccine_gate_breaker_open") == 1
    alive.end()


def test_generations_of_workers_leave_one_set_of_files(folder: Path) -> None:
    for _generation in range(5):
        Counting(folder, 1).end()
    assert bury_the_dead(folder) == 15

    assert booked(folder) == 5
    assert sorted(path.name for path in folder.glob("*.db")) == ["counter_0.db", "histogram_0.db"]
