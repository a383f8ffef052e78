"""A real city for the browser, as `make run` starts it, and somebody inside who can prepare people for it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from deploy import processes
from deploy.embedded import free_port
from deploy.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 300


def where_it_is_morning() -> str:
    """A time zone in which it is between half past nine and half past ten: a city is open, and its day is long."""
    now = datetime.now(UTC)
    ahead = (10 - now.hour - (1 if now.minute >= 30 else 0) + 12) % 24 - 12
    # The sign is the other way round in these names.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


class City:
    """`python -m deploy.up` on a free port, with data of its own, which are gone afterwards."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="booking-browser-"))
        # The account that PostgreSQL runs under must be able to pass.
        self.folder.chmod(0o755)
        self.port = free_port()
        self.zone = where_it_is_morning()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "city.log"
        self._up: subprocess.Popen[bytes] | None = None
        self._steward: subprocess.Popen[str] | None = None
        self._inside: dict[str, str] = {}

    def __enter__(self) -> "City":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        if self._steward is not None and self._steward.stdin is not None:
            # It ends with its input.
            self._steward.stdin.close()
            self._steward.wait(30)
        if self._up is not None:
            processes.finish(self._up, seconds=120)
        shutil.rmtree(self.folder, ignore_errors=True)

    def now(self) -> datetime:
        """What time it is there."""
        return datetime.now(ZoneInfo(self.zone))

    def ask(self, act: str, **wanted: Any) -> Any:
        """Have tests.browser.steward do something inside the installation; returns its answer."""
        steward = self._steward
        assert steward is not None
        assert steward.stdin is not None
        assert steward.stdout is not None
        steward.stdin.write(json.dumps([act, wanted]) + "\n")
        steward.stdin.flush()
        line = steward.stdout.readline()
        if not line:
            raise RuntimeError(f"The steward ended at {act}; its log:\n{self._tail(self.folder / 'steward.log')}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"The steward could not do {act}: {answer['error']}")
        return answer["answer"]

    def leaks(self) -> dict[str, list[str]]:
        """What the logs of the whole city tell of the people in its ledger, masked."""
        sign_in_file = str(Installation(self.folder / "data").sign_in_file)
        done = subprocess.run(
            [sys.executable, "-m", "tests.leaks", str(self.folder), sign_in_file],
            env=self._inside, cwd=ROOT, text=True, check=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        found: dict[str, list[str]] = json.loads(done.stdout)
        return found

    def _start(self) -> None:
        data = self.folder / "data"
        given = {
            "PORT": str(self.port),
            "BIND": "127.0.0.1",
            "DATA": str(data),
            "DEMONSTRATION": "1",
            "TIME_ZONE": self.zone,
        }
        # A city of our own, whatever this shell is set up for.
        foreign = ("DATABASE_URL", "REDIS_URL", "STATIC_ROOT", "SECURE", "DEBUG", "DJANGO_SETTINGS_MODULE")
        environment = {name: value for name, value in os.environ.items() if name not in foreign}
        with self.log.open("ab") as output:
            self._up = processes.start(
                [sys.executable, "-m", "deploy.up"], output=output, environment={**environment, **given}, folder=ROOT
            )
        self._wait()
        installation = Installation(data)
        running = installation.running()
        assert running is not None
        self._inside = installation.environment(
            database_url=running["database_url"], redis_url=running["redis_url"], demonstration=True
        )
        self._inside.update(PYTHONPATH=str(ROOT), DJANGO_SETTINGS_MODULE="deploy.settings")
        self._inside.update(PUBLIC_ADDRESS=self.address, TIME_ZONE=self.zone)
        self._steward = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.steward"],
            env=self._inside, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=(self.folder / "steward.log").open("ab"),
        )  # fmt: skip

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert self._up is not None
            if self._up.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The city did not start:\n{self._tail(self.log)}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        # Its facts are written once the first page was answered.
        facts = self.folder / "data" / "servers.json"
        if not facts.exists() or '"web"' not in facts.read_text():
            return False
        try:
            with urllib.request.urlopen(self.address, timeout=30):
                return True
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"The first page answers {error.code}:\n{self._tail(self.log)}") from None
        except OSError:
            return False

    @staticmethod
    def _tail(log: Path) -> str:
        return log.read_text(errors="replace")[-3000:] if log.exists() else ""
