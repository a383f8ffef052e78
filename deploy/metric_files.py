"""The files in which processes count (PROMETHEUS_MULTIPROC_DIR): one set for each process, read by whoever is asked.

What a process that has ended had counted goes on counting: it is added to the file of the dead, so that neither a
counter falls nor the number of files grows. Processes of several containers must not share a folder: a number that is
a process in one of them is none in another.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

_FILE = re.compile(r"(?P<kind>counter|histogram|gauge_[a-z]+)_(?P<pid>\d+)\.db").fullmatch
# No process has this number.
_DEAD = 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    # Nobody may read while counts are in two files, or in none.
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read(folder: Path) -> CollectorRegistry:
    """A registry with what all processes have counted by now."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))
    return registry


@contextmanager
def at_rest(folder: Path) -> Iterator[CollectorRegistry]:
    """The same, with the dead buried, while nobody else buries any."""
    with _alone(folder):
        _bury(folder)
        yield read(folder)


def bury_the_dead(folder: Path) -> int:
    """Add what ended processes had counted to the file of the dead; how many files were there."""
    with _alone(folder):
        return _bury(folder)


def living(folder: Path) -> set[int]:
    """The processes that count here now."""
    return {pid for _path, _kind, pid in _files(folder) if pid != _DEAD and _lives(pid)}


def _bury(folder: Path) -> int:
    dead = [(path, kind) for path, kind, pid in _files(folder) if pid != _DEAD and not _lives(pid)]
    for path, kind in dead:
        # How things stand in a process says nothing when it has ended.
        if not kind.startswith("gauge"):
            _add(path, folder / f"{kind}_{_DEAD}.db")
        path.unlink(missing_ok=True)
    return len(dead)


def _add(path: Path, grave: Path) -> None:
    total = MmapedDict(str(grave))
    try:
        for key, value, _timestamp, _position in MmapedDict.read_all_values_from_file(str(path)):
            total.write_value(key, total.read_value(key)[0] + value, 0.0)
    finally:
        total.close()


def _files(folder: Path) -> Iterator[tuple[Path, str, int]]:
    for path in sorted(folder.glob("*.db")):
        found = _FILE(path.name)
        if found:
            yield path, found["kind"], int(found["pid"])


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
