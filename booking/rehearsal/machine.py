"""What a rehearsal sees of the machines: processes on this one by /proc, ledger, gate and queue wherever they are."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.models import Min
from django_q.models import OrmQ

from booking import admission
from booking.admission import GateDown
from booking.queries.audit import audit

_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


@dataclass(slots=True)
class Sample:
    """One look at everything."""

    at: float
    # Resident megabytes of each watched process, by its number.
    memory: dict[int, float] = field(default_factory=dict)
    ledger_connections: int = 0
    drifted: int = 0
    oversold: int = 0
    queue: int = 0
    # Of the job that is longest due.
    queue_age: float = 0.0
    gate_mb: float = 0.0
    # How long a question took that asks for nothing; None where there was no answer.
    gate_seconds: float | None = None
    ledger_seconds: float | None = None
    # The whole machine's; None where it cannot be seen.
    cpu: float | None = None


def look(watched: Iterable[int], *, at: float, now: datetime, thoroughly: bool) -> Sample:
    """How everything is now. `watched` are processes of this machine whose children count too.

    `thoroughly` compares all slots with the gate, which takes a while. Raises django.db.Error.
    """
    sample = Sample(at, memory={pid: _resident(pid) for pid in family(watched)})
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        sample.ledger_seconds = time.monotonic() - began
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        sample.ledger_connections = cursor.fetchone()[0]
    if thoroughly:
        found = audit(now=now)
        sample.drifted, sample.oversold = len(found.drifted), len(found.oversold)
    due = OrmQ.objects.filter(lock__lte=now)
    sample.queue = due.count()
    longest = due.aggregate(first=Min("lock"))["first"]
    sample.queue_age = (now - longest).total_seconds() if longest else 0.0
    began = time.monotonic()
    with suppress(GateDown):
        admission.ping()
        sample.gate_seconds = time.monotonic() - began
        sample.gate_mb = admission.used_bytes() / 1024 / 1024
    return sample


def family(pids: Iterable[int]) -> list[int]:
    """These processes of this machine, their children and the children's children; without those that have ended."""
    found: list[int] = []
    waiting = list(pids)
    while waiting:
        pid = waiting.pop(0)
        with suppress(OSError):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
            found.append(pid)
            waiting += [int(child) for child in children.split()]
    return found


def workers_among(pids: Iterable[int]) -> int:
    """How many web workers these processes of this machine keep; 0 if none of them is the web server."""
    found = 0
    for pid in pids:
        with suppress(OSError):
            if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found += len(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return found


def _resident(pid: int) -> float:
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_MB
    return 0.0


class Cpu:
    """How busy this machine is, all its cores together; None where /proc does not say."""

    def __init__(self) -> None:
        self._last = self._read()

    def busy(self) -> float | None:
        """The share since the last call."""
        before, now = self._last, self._read()
        self._last = now
        if before is None or now is None or now[1] <= before[1]:
            return None
        return 1 - (now[0] - before[0]) / (now[1] - before[1])

    @staticmethod
    def _read() -> tuple[int, int] | None:
        with suppress(OSError, ValueError):
            numbers = [int(one) for one in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
            # idle and waiting for a disk; and everything.
            return numbers[3] + numbers[4], sum(numbers)
        return None


def described() -> dict[str, object]:
    """This machine in a few words, for the report."""
    memory = 0.0
    with suppress(OSError, ValueError):
        memory = os.sysconf("SC_PHYS_PAGES") * _PAGE_MB / 1024
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        ledger = cursor.fetchone()[0]
    return {
        "cores": os.cpu_count() or 0,
        "memory_gb": round(memory, 1),
        "system": f"{os.uname().sysname} {os.uname().release} {os.uname().machine}",
        "ledger": f"PostgreSQL {ledger}",
        "at": time.strftime("%Y-%m-%d %H:%M:%S %z"),
    }
