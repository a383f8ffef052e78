"""A real PostgreSQL and a real Valkey from wheels: for one machine, for tests and for trying things out.

Both listen on loopback only and ask for a password. Both are children of the caller, who must stop them; if the
caller is killed, they stop by themselves (on Linux, if they were started by its main thread).
"""

import contextlib
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import pq, sql

from deploy import processes
from deploy.account import NoAccount, let_pass, let_read, server_account
from deploy.wheels import WheelMissing, postgres_folder, valkey_program

# The caller's own variables (PGOPTIONS, PGDATA, secrets) are none of the servers' business.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
# Its own log says that a statement failed and why, but neither the statement nor the row, which hold names.
_QUIET = ("log_min_error_statement=panic", "log_error_verbosity=terse", "log_parameter_max_length=0")
_OPTIONS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", *_QUIET)


class CannotStart(Exception):
    """A server did not start; the message is one sentence for the person at the keyboard."""


def free_port() -> int:
    """A TCP port on loopback that nothing listens on now, and neither on the one 10,000 above it."""
    while True:
        with socket.socket() as probe, socket.socket() as above:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            # Nodes of a cluster talk to one another there.
            with contextlib.suppress(OSError, OverflowError):
                above.bind(("127.0.0.1", port + 10_000))
                return port


def _wait(name: str, answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace").strip()[-600:] if log.exists() else ""
            raise CannotStart(f"{name} did not start; its log {log} ends with:\n{tail}")
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
        return f"postgresql://postgres:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Create the data folder if it is empty, start, and return when it answers. Raises CannotStart."""
        try:
            self._start()
        except (NoAccount, WheelMissing) as reason:
            raise CannotStart(str(reason)) from None
        except PermissionError as error:
            raise CannotStart(f"{error.filename or self.folder} belongs to another account.") from None

    def _start(self) -> None:
        # Absolute, because the server changes into its data folder and the account may stand elsewhere.
        self.folder = self.folder.resolve()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        data = self.folder / "data"
        account = server_account(data)
        if account:
            let_read(postgres_folder())
            for path in (self.folder, postgres_folder()):
                let_pass(account, path)
            shutil.chown(self.folder, *account)
        if (data / "PG_VERSION").exists():
            self._check_version(data)
            self._stop_leftover(data, account)
        else:
            self._initdb(data, account)
        self.port = self.port or free_port()
        log = self.folder / "postgres.log"
        arguments: list[str | Path] = [postgres_folder() / "bin" / "postgres", "-D", data]
        for option in (f"port={self.port}", *_OPTIONS, *self.settings):
            arguments += ["-c", option]
        log.touch(mode=0o600)
        with log.open("ab") as output:
            self.process = processes.start(
                arguments,
                stop_signal=signal.SIGINT,
                output=output,
                environment=_ENVIRONMENT,
                account=account,
                folder=self.folder,
            )
        try:
            _wait("PostgreSQL", self._answers, self.process, log, 60)
        except CannotStart:
            self.stop()
            raise

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, nothing committed is lost."""
        if self.process:
            processes.finish(self.process, stop_signal=signal.SIGINT, seconds=60)

    def create_database(self, name: str = "booking") -> None:
        """Create the database unless it exists. Raises CannotStart if the password is not the one of the data."""
        try:
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.Error as error:
            raise CannotStart(f"PostgreSQL in {self.folder} refuses: {str(error).strip()}") from None

    def _answers(self) -> bool:
        return pq.PGconn.ping(f"host=127.0.0.1 port={self.port}".encode()) == pq.Ping.OK

    def _check_version(self, data: Path) -> None:
        theirs = (data / "PG_VERSION").read_text().strip()
        program = postgres_folder() / "bin" / "postgres"
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"(\d+)\.", said)
        ours = found.group(1) if found else said.strip()
        if theirs != ours:
            raise CannotStart(
                f"{data} was made by PostgreSQL {theirs} and this is PostgreSQL {ours}: move the data with pg_dump "
                f"of {theirs}, or start with another data folder."
            )

    def _initdb(self, data: Path, account: tuple[int, int] | None) -> None:
        # Made beside and renamed when whole: an interrupted first start must not look like data.
        fresh, secret = self.folder / "data.new", self.folder / "password"
        shutil.rmtree(fresh, ignore_errors=True)
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if account:
            shutil.chown(secret, *account)
        try:
            made = processes.start(
                [
                    postgres_folder() / "bin" / "initdb", "-D", fresh, "-U", "postgres", "-E", "UTF8",
                    "--locale=C.UTF-8", "-A", "scram-sha-256", f"--pwfile={secret}", "--no-instructions",
                ],
                output=subprocess.PIPE, environment=_ENVIRONMENT, account=account, folder=self.folder,
            )  # fmt: skip
            said = made.communicate()[0]
        finally:
            secret.unlink()
        if made.returncode:
            reason = said.decode(errors="replace").strip()[-400:]
            raise CannotStart(f"PostgreSQL could not make its data folder {data}: {reason}")
        fresh.rename(data)

    def _stop_leftover(self, data: Path, account: tuple[int, int] | None) -> None:
        """A server whose starter was killed still owns the folder; end it the way it wants to be ended."""
        pid_file = data / "postmaster.pid"
        if not pid_file.exists():
            return
        command = Path("/proc") / pid_file.read_text().split("\n", 1)[0].strip() / "cmdline"
        # The number may belong to another program by now, which pg_ctl would interrupt.
        if Path("/proc/self").exists() and not (command.exists() and str(data).encode() in command.read_bytes()):
            return
        stop = processes.start(
            [postgres_folder() / "bin" / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"],
            output=subprocess.DEVNULL, environment=_ENVIRONMENT, account=account, folder=self.folder,
        )  # fmt: skip
        stop.wait()


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
        secret = f":{quote(self.password, safe='')}@" if self.password else ""
        return f"redis://{secret}127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start and return when it answers. Raises CannotStart."""
        self.port = self.port or free_port()
        self.folder = self.folder.resolve()
        log = self.folder / "valkey.log"
        arguments: list[str | Path] = [
            "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder,
            "--logfile", log, "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", *self.options,
        ]  # fmt: skip
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            arguments = [valkey_program(), *self._password_file(), *arguments]
            log.touch(mode=0o600)
        except WheelMissing as reason:
            raise CannotStart(str(reason)) from None
        except PermissionError as error:
            raise CannotStart(f"{error.filename or self.folder} belongs to another account.") from None
        self.process = processes.start(
            arguments, output=subprocess.DEVNULL, environment=_ENVIRONMENT, folder=self.folder
        )
        try:
            _wait("Valkey", self._answers, self.process, log, 30)
        except CannotStart:
            self.stop()
            raise

    def stop(self) -> None:
        """Shut down; the append-only file is written out first."""
        if self.process:
            processes.finish(self.process)

    def _password_file(self) -> list[Path]:
        # Through a file: a command line can be read by every account of the machine.
        if not self.password:
            return []
        config = self.folder / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text(f"requirepass {self.password}\nmasterauth {self.password}\n")
        return [config]

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                # Signed in first: to a stranger it says so long before it has read its append-only file.
                sign_in = f"AUTH {self.password}\r\n" if self.password else ""
                connection.sendall(f"{sign_in}PING\r\nQUIT\r\n".encode())
                return b"+PONG" in b"".join(iter(lambda: connection.recv(256), b""))
        except OSError:
            return False
