"""The folder that backups lie in: bases, the log between and after them, and what is known of both."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.backups.sealed import seal, unseal
from deploy.whole_files import write_whole

_SEGMENT = re.compile(r"[0-9A-F]{24}")
_HISTORY = re.compile(r"[0-9A-F]{8}\.history")
_READ = 1 << 20


class CannotBackUp(Exception):
    """A backup or a restore cannot be made; the message is one sentence for whoever asked for it."""


@dataclass(frozen=True, slots=True)
class Base:
    """A copy of the whole ledger. Times in UTC; `segment` is the first piece of log that is needed with it."""

    name: str
    taken_at: datetime
    segment: str
    size: int
    server: str


class Store:
    """Bases are `bases/NAME.tar.sealed` with `NAME.json`; the log is `wal/NAME.sealed`, the newest of it `wal/NAME`."""

    def __init__(self, folder: Path, ring: Mapping[str, bytes]) -> None:
        self.folder, self.ring = folder, ring
        self.bases_folder, self.log_folder = folder / "bases", folder / "wal"

    def prepare(self) -> None:
        """Make the folders, for their owner only. Raises CannotBackUp."""
        try:
            for folder in (self.folder, self.bases_folder, self.log_folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CannotBackUp(f"{self.folder} cannot be used: {error.strerror}.") from None

    def bases(self) -> list[Base]:
        """Every whole base, oldest first."""
        found = []
        for path in self.bases_folder.glob("*.json"):
            facts = json.loads(path.read_text())
            found.append(Base(**{**facts, "taken_at": datetime.fromisoformat(facts["taken_at"])}))
        return sorted(found, key=lambda base: base.taken_at)

    def base_for(self, until: datetime | None) -> Base:
        """The newest base from before that moment. Raises CannotBackUp if there is none."""
        fitting = [base for base in self.bases() if until is None or base.taken_at <= until]
        if not fitting:
            before = f" from before {until:%Y-%m-%d %H:%M:%S %Z}" if until else ""
            raise CannotBackUp(f"There is no base{before} in {self.bases_folder}: take one with `manage.py backup`.")
        return fitting[-1]

    def keep_base(self, base: Base, unfinished: Path) -> None:
        """A base is there once its facts are: they are written last."""
        unfinished.rename(self.bases_folder / f"{base.name}.tar.sealed")
        facts = {**asdict(base), "taken_at": base.taken_at.isoformat()}
        write_whole(self.bases_folder / f"{base.name}.json", json.dumps(facts, indent=2).encode())

    def read_base(self, base: Base) -> Iterator[bytes]:
        """The base as a tar file. Raises Damaged."""
        with (self.bases_folder / f"{base.name}.tar.sealed").open("rb") as source:
            yield from unseal(source, self.ring)

    def seal_log(self) -> int:
        """Encrypt the pieces of the log that are complete; how many. The plain piece goes once the other is there."""
        sealed = 0
        for path in sorted(self.log_folder.iterdir()):
            if _SEGMENT.fullmatch(path.name) or _HISTORY.fullmatch(path.name):
                write_sealed(path.with_name(f"{path.name}.sealed"), _chunks(path), self.ring)
                path.unlink()
                sealed += 1
        return sealed

    def log_from(self, segment: str) -> dict[str, Path]:
        """The pieces of the log from that one on, by name; the newest may be one that is still being written."""
        found: dict[str, Path] = {}
        # Where a piece is there twice, the sealed one is the whole one.
        for path in sorted(self.log_folder.iterdir(), key=lambda path: path.suffix != ".sealed"):
            name = path.name.removesuffix(".sealed").removesuffix(".partial")
            # Without the time line: a new one begins with the numbers of the old one.
            if _HISTORY.fullmatch(name) or (_SEGMENT.fullmatch(name) and name[8:] >= segment[8:]):
                found.setdefault(name, path)
        return found

    def read_log(self, path: Path) -> Iterator[bytes]:
        """One piece of the log. Raises Damaged."""
        if path.suffix != ".sealed":
            yield from _chunks(path)
            return
        with path.open("rb") as source:
            yield from unseal(source, self.ring)

    def prune(self, keep: int) -> list[str]:
        """Remove all bases but the newest `keep`, and the log that no base needs any more; the bases' names."""
        bases = self.bases()
        gone, left = bases[:-keep], bases[-keep:]
        for base in gone:
            (self.bases_folder / f"{base.name}.json").unlink()
            (self.bases_folder / f"{base.name}.tar.sealed").unlink()
        if left:
            for path in self.log_folder.glob("*.sealed"):
                name = path.name.removesuffix(".sealed")
                if _SEGMENT.fullmatch(name) and name[8:] < left[0].segment[8:]:
                    path.unlink()
        return [base.name for base in gone]

    def note(self, **facts: Any) -> None:
        """Write what has just been done into status.json, where monitoring looks."""
        write_whole(self.folder / "status.json", json.dumps({**self.status(), **facts}, indent=2).encode())

    def status(self) -> dict[str, Any]:
        """What `note` has written: base_at and log_at, in epoch seconds; empty if nothing was."""
        path = self.folder / "status.json"
        return json.loads(path.read_text()) if path.exists() else {}


def write_sealed(path: Path, chunks: Iterable[bytes], ring: Mapping[str, bytes]) -> int:
    """Encrypt into the file, which appears whole or not at all; its size in bytes."""
    unfinished = path.with_name(path.name + ".unfinished")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        size = seal(chunks, out, ring)
        out.flush()
        os.fsync(out.fileno())
    unfinished.rename(path)
    return size


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        yield from iter(lambda: source.read(_READ), b"")


def moment(text: str) -> datetime:
    """A time from a command line, with its offset or in UTC. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
