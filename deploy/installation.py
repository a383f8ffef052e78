"""One city on one machine: its data folder, its secrets, and what of it is running now."""

import base64
import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy import env, processes
from deploy.whole_files import write_whole


class Unusable(Exception):
    """The data folder cannot be used; the message is one sentence for the person at the keyboard."""


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write(path: Path, content: Mapping[str, Any]) -> None:
    write_whole(path, json.dumps(content, indent=2).encode())


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text())
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Unusable(f"{path} is damaged: put it back from a backup.")
    return content


@dataclass
class Installation:
    """The data folder of one city."""

    folder: Path
    _lock: int | None = field(default=None, init=False)

    @classmethod
    def from_environment(cls) -> "Installation":
        """The one that DATA names, or `var` in the current folder."""
        return cls(Path(env.optional("DATA", "var")).expanduser().resolve())

    @property
    def ledger(self) -> Path:
        """The folder of the embedded PostgreSQL."""
        return self.folder / "ledger"

    @property
    def gate(self) -> Path:
        """The folder of the embedded Valkey."""
        return self.folder / "gate"

    @property
    def sign_in_file(self) -> Path:
        """Names and passwords of the demonstration city."""
        return self.folder / "sign-in.txt"

    def open(self) -> None:
        """Make the folder if it is not there, and take it for this process alone. Raises Unusable."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unusable(f"DATA folder {self.folder} cannot be used: {error.strerror}.") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(self._lock, 20).decode() or "unknown"
            raise Unusable(f"DATA folder {self.folder} is in use by process {owner}, which is running now.") from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)

    def close(self) -> None:
        """Let others use the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def secrets(self) -> dict[str, str]:
        """The keys and passwords of this city, made at the first call. Raises Unusable rather than lose data."""
        path = self.folder / "secrets.json"
        if not path.exists():
            if (self.ledger / "data").exists():
                raise Unusable(f"{path} is gone, and the data cannot be read without it: put it back from a backup.")
            made = {
                "SECRET_KEY": secrets.token_urlsafe(50),
                "FIELD_KEYS": f"k1:{_key()}",
                "BLIND_INDEX_KEY": f"b1:{_key()}",
                "LEDGER_PASSWORD": secrets.token_hex(24),
                "GATE_PASSWORD": secrets.token_hex(24),
                "BACKUP_KEYS": f"k1:{_key()}",
            }
            _write(path, made)
        found = _read(path)
        names = ["SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "LEDGER_PASSWORD", "GATE_PASSWORD"]
        if missing := [name for name in names if not found.get(name)]:
            raise Unusable(f"{path} lacks {', '.join(missing)}: put it back from a backup.")
        if "BACKUP_KEYS" not in found:
            # Of a city that is older than its backups; nothing that is stored needs it.
            found["BACKUP_KEYS"] = f"k1:{_key()}"
            _write(path, found)
        return {name: str(found[name]) for name in (*names, "BACKUP_KEYS")}

    def environment(self, *, database_url: str, redis_url: str, demonstration: bool) -> dict[str, str]:
        """What Django's processes need; variables that are set already win."""
        keys = {name: value for name, value in self.secrets().items() if not name.endswith("_PASSWORD")}
        places = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "STATIC_ROOT": str(self.folder / "static")}
        return env.with_values(
            {
                **keys,
                **places,
                "DEMONSTRATION": str(int(demonstration)),
                "DJANGO_SETTINGS_MODULE": "deploy.settings",
                # For whoever looks at the terminal.
                "LOG_FORMAT": "plain",
                "PYTHONUNBUFFERED": "1",
            }
        )

    def remember(self, facts: Mapping[str, Any], pids: Mapping[str, int]) -> None:
        """Write servers.json: the addresses, and which processes run, this one among them as the supervisor."""
        pids = {"supervisor": os.getpid(), **pids}
        born = {name: processes.birth(pid) for name, pid in pids.items()}
        _write(self.folder / "servers.json", {**facts, "pids": pids, "born": born})

    def running(self) -> dict[str, Any] | None:
        """What `remember` wrote, if that supervisor still runs; None otherwise. Raises Unusable if it is damaged."""
        path = self.folder / "servers.json"
        if not path.exists():
            return None
        facts = _read(path)
        supervisor = facts["pids"]["supervisor"]
        return facts if processes.birth(supervisor) == facts["born"]["supervisor"] else None

    def end_leftovers(self) -> list[str]:
        """End what an earlier start left running when it was killed; the names of what was ended."""
        path = self.folder / "servers.json"
        if not path.exists():
            return []
        # Only a hint: a damaged one must not keep the city from starting.
        with contextlib.suppress(Unusable, KeyError, TypeError):
            facts = _read(path)
            # The ledger finds its own leftover by the file that PostgreSQL keeps in its data.
            names = [name for name in ("web", "jobs", "gate") if name in facts["pids"]]
            return [name for name in names if processes.end_leftover(facts["pids"][name], facts["born"][name])]
        return []

    def forget(self) -> None:
        """Remove servers.json: nothing runs any more."""
        (self.folder / "servers.json").unlink(missing_ok=True)
