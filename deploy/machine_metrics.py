"""What this machine can say of itself: its processes, its disks, its certificate, its last backup."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage

from cryptography import x509
from django import get_version
from django.conf import settings
from django.core.cache import cache
from prometheus_client.core import GaugeMetricFamily, Metric

from deploy.backups import LAST_BACKUP
from deploy.metric_files import living

_PROC = Path("/proc")


class Machine:
    """A collector; each scrape looks anew. What this machine does not have is left out."""

    def collect(self) -> Iterator[Metric]:
        """Processes, disks, certificate and backup."""
        info = GaugeMetricFamily("vaccine_build_info", "What runs here.", labels=["version", "python", "django"])
        info.add_metric([settings.RELEASE, sys.version.split()[0], get_version()], 1)
        yield info
        yield from _processes()
        yield from _files()

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: registering must not look."""
        return iter(())


def _processes() -> Iterator[Metric]:
    count = GaugeMetricFamily("vaccine_processes", "Processes that count, by kind.", labels=["kind"])
    memory = GaugeMetricFamily("vaccine_memory_bytes", "Resident memory of these processes.", labels=["kind"])
    started = GaugeMetricFamily(
        "vaccine_process_start_time_seconds", "When the youngest of these processes began.", labels=["kind"]
    )
    found: dict[str, list[tuple[float, float]]] = {}
    folder = settings.METRICS["folder"]
    for pid in living(folder) if folder else ():
        about = _about(pid)
        if about is not None:
            found.setdefault(about[0], []).append(about[1:])
    for kind, rows in sorted(found.items()):
        count.add_metric([kind], len(rows))
        memory.add_metric([kind], sum(row[0] for row in rows))
        started.add_metric([kind], max(row[1] for row in rows))
    yield from (count, memory, started)


def _about(pid: int) -> tuple[str, float, float] | None:
    """Its kind, memory in bytes and start; None if it has just ended, or where there is no /proc."""
    try:
        words = (_PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
        pages = int((_PROC / str(pid) / "statm").read_text().split()[1])
        ticks = int((_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19])
        uptime = float((_PROC / "uptime").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    text = " ".join(words)
    kind = "web" if "gunicorn" in text else "jobs" if "qcluster" in text else "other"
    return kind, pages * os.sysconf("SC_PAGE_SIZE"), time.time() - uptime + ticks / os.sysconf("SC_CLK_TCK")


def _files() -> Iterator[Metric]:
    free = GaugeMetricFamily("vaccine_disk_free_ratio", "Free share of a folder's disk.", labels=["folder"])
    for folder in settings.METRICS["folders"]:
        try:
            usage = disk_usage(folder)
        except OSError:
            continue
        free.add_metric([str(folder)], usage.free / usage.total)
    yield free
    if settings.METRICS["certificate"] and (expires := _expires(Path(settings.METRICS["certificate"]))):
        yield GaugeMetricFamily("vaccine_certificate_expiry_timestamp_seconds", "When it ends.", value=expires)
    if (done := cache.get(LAST_BACKUP)) is not None:
        yield GaugeMetricFamily("vaccine_backup_last_success_timestamp_seconds", "The last whole backup.", value=done)


def _expires(path: Path) -> float | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc.timestamp()
    except (OSError, ValueError):
        return None
