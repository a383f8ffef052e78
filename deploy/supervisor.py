"""Keeps a few processes running, and stops them in order. Knows nothing of what they do."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from deploy import processes
from deploy.embedded import CannotStart

# Seconds: a process that ran this long before it ended starts with a clean slate.
_STEADY = 60
_LONGEST_WAIT = 30
_PROJECT = Path(__file__).resolve().parent.parent


class Service(Protocol):
    """Something that runs as one process, possibly with children of its own."""

    process: "subprocess.Popen[bytes] | None"

    def start(self) -> None:
        """Start it; raises CannotStart."""

    def stop(self) -> None:
        """Stop it and everything it started; does no harm if it has ended already."""


@dataclass
class Program:
    """A Python program of this project. `seconds` is how long it may take to end what it is doing."""

    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    seconds: float
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        """Start it, with its output going where the caller's goes."""
        self.process = processes.start([sys.executable, *self.arguments], environment=self.environment, folder=_PROJECT)

    def stop(self) -> None:
        """End it, by force if it takes too long."""
        if self.process:
            processes.finish(self.process, seconds=self.seconds)


@dataclass
class Kept:
    """A service, and how patient to be with it: `tries` starts in a row, or None for as long as it takes."""

    name: str
    service: Service
    tries: int | None = None
    _failures: int = field(default=0, init=False)
    _steady_at: float = field(default=0, init=False)
    _start_at: float | None = field(default=None, init=False)

    @property
    def pid(self) -> int | None:
        """The process now running, or None."""
        process = self.service.process
        return process.pid if process and process.poll() is None else None

    def start(self) -> None:
        """Start it for the first time. Raises CannotStart."""
        self.service.start()
        self._steady_at = time.monotonic() + _STEADY

    def look_after(self, say: Callable[[str], None]) -> bool:
        """Start it again if it has ended and its wait is over; True if it did.

        Raises CannotStart if it has ended more often than it may.
        """
        if self.pid:
            return False
        if self._start_at is None:
            self._plan(say)
        if self._start_at is None or time.monotonic() < self._start_at:
            return False
        self._start_at = None
        try:
            self.start()
        except CannotStart as reason:
            say(str(reason))
            return False
        return True

    def _plan(self, say: Callable[[str], None]) -> None:
        # Its children may still run and would stand in the way of the next one.
        self.service.stop()
        if time.monotonic() > self._steady_at:
            self._failures = 0
        self._failures += 1
        if self.tries is not None and self._failures > self.tries:
            raise CannotStart(f"{self.name} ended {self._failures} times and could not be kept running.")
        wait = min(2.0 ** (self._failures - 1) / 2, _LONGEST_WAIT)
        code = self.service.process.returncode if self.service.process else None
        say(f"{self.name} ended (exit code {code}); starting it again in {wait:g} s.")
        self._start_at = time.monotonic() + wait


@dataclass
class Supervisor:
    """Services in the order of their starts; the last one started is the first one stopped."""

    say: Callable[[str], None]
    kept: list[Kept] = field(default_factory=list, init=False)

    def start(self, kept: Kept) -> None:
        """Start a service and look after it from now on. Raises CannotStart."""
        self.kept.append(kept)
        kept.start()

    def pids(self) -> dict[str, int]:
        """The processes running now, by the names of their services."""
        return {kept.name: kept.pid for kept in self.kept if kept.pid}

    def look_after(self) -> bool:
        """Start again whatever has ended; True if a process changed. Raises CannotStart if one cannot be kept."""
        changed = [kept.look_after(self.say) for kept in self.kept]
        return any(changed)

    def stop(self) -> None:
        """Stop everything, the last started first."""
        while self.kept:
            self.kept.pop().service.stop()
