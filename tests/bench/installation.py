"""A private installation for a measurement: own PostgreSQL, own Valkey, own gunicorn, in a temporary folder."""

import base64
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from deploy.embedded import Postgres, Valkey, free_port

_ROOT = Path(__file__).resolve().parents[2]
LEDGER_SETTINGS = ("max_connections=200", "shared_buffers=256MB", "max_wal_size=4GB")


def _key() -> str:
    return "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()


class Installation:
    """Started on entry, stopped and removed on exit."""

    def __init__(self, settings: str = "tests.bench.settings") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="booking-bench-"))
        self.folder.chmod(0o755)
        self.ledger = Postgres(self.folder / "ledger", password=secrets.token_hex(12), settings=LEDGER_SETTINGS)
        self.gate = Valkey(self.folder / "gate", password=secrets.token_hex(12))
        self.web: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.settings = settings
        self.environment: dict[str, str] = {}

    def __enter__(self) -> "Installation":
        self.ledger.start()
        self.ledger.create_database()
        self.gate.start()
        self.environment = {
            **os.environ,
            "SECRET_KEY": secrets.token_hex(32),
            "FIELD_KEYS": _key(),
            "BLIND_INDEX_KEY": _key(),
            "DATABASE_URL": self.ledger.url(),
            "REDIS_URL": self.gate.url(),
            "DEMONSTRATION": "1",
            "DJANGO_SETTINGS_MODULE": self.settings,
            "STATIC_ROOT": str(self.folder / "static"),
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
            "PYTHONPATH": str(_ROOT),
        }
        (self.folder / "static").mkdir()
        self.manage("migrate", "--verbosity", "0")
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop_web()
        self.gate.stop()
        self.ledger.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a management command against this installation."""
        return subprocess.run(
            [sys.executable, str(_ROOT / "manage.py"), *arguments],
            env=self.environment, cwd=_ROOT, check=check, text=True, capture_output=True,
        )  # fmt: skip

    def script(self, module: str, *arguments: str) -> Any:
        """Run a module of the bench with Django set up; returns the JSON that it prints."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.environment, cwd=_ROOT, check=True, text=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        return json.loads(done.stdout)

    def slot(self, *, quota: int) -> int:
        """The id of a new slot that can be booked now, of the first site's season."""
        made = self.manage("make_slot", "--site", "B0000", "--programme", "bench-0-many", "--quota", str(quota))
        return int(made.stdout.split()[-1])

    def start_web(self, worker_class: str, **environment: str) -> None:
        """Start gunicorn as deploy/gunicorn.conf.py says, and wait until it answers."""
        self.web = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "deploy.wsgi:application"],
            env={**self.environment, "WEB_WORKER_CLASS": worker_class, "PORT": str(self.port), **environment},
            cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=(self.folder / "web.log").open("ab"),
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > deadline or self.web.poll() is not None:
                raise RuntimeError(self.web_log()[-2000:])
            time.sleep(0.1)

    def web_log(self) -> str:
        """What gunicorn and the application have written."""
        return (self.folder / "web.log").read_text()

    def stop_web(self) -> None:
        """Stop gunicorn and wait until every request has been finished."""
        if self.web is not None and self.web.poll() is None:
            self.web.terminate()
            self.web.wait(60)
        self.web = None

    def workers(self) -> list[int]:
        """Process ids of gunicorn's workers."""
        assert self.web is not None
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def worker_memory_mb(self) -> list[float]:
        """Resident memory of each worker in megabytes."""
        found = []
        for pid in self.workers():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    found.append(int(line.split()[1]) / 1024)
        return found

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(b"GET /api/v1/nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return connection.recv(12).startswith(b"HTTP/1.1 404")
        except OSError:
            return False
