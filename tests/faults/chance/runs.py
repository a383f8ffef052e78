"""Small rushes with mishaps by chance: `python -m tests.faults --random 1000 --seed 1`.

Forty citizens book, hold, cancel, restore, move and repeat themselves on three slots, over HTTP, and one to four things
go wrong: a gate that is killed, slow, cut off, emptied, wrong; a worker or a session of the ledger that ends; answers
that are lost; quotas that change. After each run the citizens' journals are compared with the ledger and it with the
gate. A run's decisions follow from the seed and the run's number; threads and processes are as quick as they are.
"""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

from tests.faults.rush import Say

_ROOT = Path(__file__).resolve().parents[3]
LANES = 2
# In the list of all faults.
_RUNS, _SEED = 40, 1


def by_chance(say: Say) -> bool:
    """Forty small rushes, each with one to four mishaps by chance."""
    return run_random(_RUNS, _SEED, say)


def without_the_guard(say: Say) -> bool:
    """The same with a ledger that lets a place be given twice: a broken promise must be found."""
    heard: list[str] = []
    run_random(_RUNS, _SEED, heard.append, without_guard=True)
    found = [line for line in heard if "broke a promise" in line]
    say(found[0] if found else f"not found: {heard}")
    return bool(found)


def run_random(count: int, seed: int, say: Say, *, first: int = 1, without_guard: bool = False) -> bool:
    """So many runs from the first on, in lanes side by side; False if a promise was broken."""
    began = time.monotonic()
    lanes = [_Lane(seed, first + n, first + count - 1, without_guard) for n in range(min(LANES, count))]
    while any(lane.thread.is_alive() for lane in lanes):
        time.sleep(0.1)
        if any(lane.has_broken for lane in lanes):
            # The others need not go on: what was found is what is wanted.
            for lane in lanes:
                lane.stop()
    for lane in lanes:
        lane.thread.join()
    reports = [report for lane in lanes for report in lane.reports]
    broken = [report for report in reports if report["broken"]]
    for report in broken:
        say(f"run {report['run']} with seed {seed} broke a promise: --random 1 --first {report['run']} --seed {seed}")
        say(f"mishaps: {', '.join(report['mishaps'])}\n{report['journal']}\n{report['broken']}")
    failed = [lane.words() for lane in lanes if lane.process.returncode and not lane.is_stopped]
    for words in failed:
        say(f"a lane came to an end: {words}")
    _sum_up(reports, seed, time.monotonic() - began, say)
    return not broken and not failed and (without_guard or len(reports) == count)


def _sum_up(reports: list[dict[str, Any]], seed: int, seconds: float, say: Say) -> None:
    mishaps = Counter(name for report in reports for name in report["mishaps"])
    answers = Counter[str]()
    for report in reports:
        for answer, count in report["answers"].items():
            # Of an appointment the reference stands where others have a code.
            status, _, rest = answer.partition(" ")
            answers[status if rest.isdigit() else answer] += count
    took = sorted(report["seconds"] for report in reports) or [0.0]
    say(f"{len(reports)} runs with seed {seed} in {seconds:.0f} s, {took[len(took) // 2]:.1f} s each (median)")
    say("mishaps: " + ", ".join(f"{count} × {name}" for name, count in mishaps.most_common()))
    say("citizens were told: " + ", ".join(f"{count} × {name}" for name, count in answers.most_common(24)))


class _Lane:
    """A process that makes every other run."""

    def __init__(self, seed: int, first: int, last: int, without_guard: bool) -> None:
        command = [sys.executable, "-m", "tests.faults.chance.lane"]
        numbers = [seed, first, LANES, last, int(without_guard)]
        self.process = subprocess.Popen(
            [*command, *map(str, numbers)], cwd=_ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.reports: list[dict[str, Any]] = []
        self.is_stopped = False
        self._errors = ""
        self.thread = Thread(target=self._read)
        self.thread.start()
        self._draining = Thread(target=self._drain)
        self._draining.start()

    @property
    def has_broken(self) -> bool:
        """Whether one of its runs broke a promise, and it has come to its end."""
        return any(report["broken"] for report in self.reports) and self.process.poll() is not None

    def stop(self) -> None:
        """Come to an end, as at Ctrl-C; a second time changes nothing."""
        if not self.is_stopped and self.process.poll() is None:
            self.is_stopped = True
            self.process.send_signal(signal.SIGINT)

    def words(self) -> str:
        """The last of what it wrote beside its reports."""
        self._draining.join()
        return self._errors[-3000:]

    def _read(self) -> None:
        for found in self._lines():
            if "web" in found:
                self.reports[-1]["broken"] += f"\nthe web server's last words:\n{found['web']}"
            else:
                self.reports.append(found)
        self.process.wait()

    def _lines(self) -> Iterator[dict[str, Any]]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield json.loads(line)

    def _drain(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._errors = (self._errors + line)[-6000:]
