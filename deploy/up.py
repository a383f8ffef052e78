"""A whole city on one machine, in one process tree: `python -m deploy.up`, or `make run`.

PORT (8000), BIND (127.0.0.1) and DATA (`var`) say where. It starts PostgreSQL and Valkey, or uses the ones that
DATABASE_URL and REDIS_URL name, prepares them, and keeps the web server and the jobs running until Ctrl-C.
"""

import contextlib
import http.client
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from deploy import env
from deploy.embedded import CannotStart, Postgres, Valkey
from deploy.installation import Installation, Unusable
from deploy.supervisor import Kept, Program, Supervisor

# Of the demonstration city; the citizen's sign-in is printed above them.
_SIGHTS = """What to look at, signed in as the citizen
  /          an invitation, a place kept for half an hour, a second dose that is due
  /draws/    a draw to enter, and one to check
  /queue/1/  the queue of a release about twenty minutes after the first start
  /book/     for the mother (62): pneumonia, by the last digit of the document
  /admin/    as the administrator: 批量账号, with an appeal that waits
"""
_LEDGER_SETTINGS = ("max_connections=200", "shared_buffers=256MB")


class _Stop(BaseException):
    """Somebody asked us to stop."""


def _say(sentence: str) -> None:
    # The terminal may be gone when we are told to stop.
    with contextlib.suppress(OSError):
        print(sentence, flush=True)


class City:
    """The running city. `run` returns when it was asked to stop, and everything is stopped then."""

    def __init__(self, installation: Installation, bind: str, port: int, demonstration: bool) -> None:
        self.installation = installation
        self.bind = bind
        self.port = port
        self.demonstration = demonstration
        self.supervisor = Supervisor(_say)
        self.facts: dict[str, object] = {}

    def run(self) -> None:
        """Start everything and keep it running. Raises CannotStart or Unusable, with everything stopped again."""
        self.installation.open()
        try:
            self._serve()
        except _Stop:
            _say("Stopping …")
        finally:
            _on_signals(signal.SIG_IGN)
            self.supervisor.stop()
            self.installation.forget()
            self.installation.close()
        _say("Stopped.")

    def _serve(self) -> None:
        for name in self.installation.end_leftovers():
            _say(f"Ended {name}, left over from an earlier start.")
        _refuse_taken_port(self.bind, self.port)
        database_url, redis_url = self._servers()
        self.facts = {
            "database_url": database_url,
            "redis_url": redis_url,
            "demonstration": self.demonstration,
        }
        self._remember()
        environment = self.installation.environment(
            database_url=database_url, redis_url=redis_url, demonstration=self.demonstration
        )
        environment.update(BIND=self.bind, PORT=str(self.port))
        # Web server and jobs count in one place, from nothing with each start.
        counts = self.installation.folder / "metrics"
        shutil.rmtree(counts, ignore_errors=True)
        environment.setdefault("PROMETHEUS_MULTIPROC_DIR", str(counts))
        environment.setdefault("PUBLIC_ADDRESS", f"http://{_reachable(self.bind)}:{self.port}")
        # Both fork or wait for a server that may not answer: neither goes well with a pool of connections.
        without_pool = {**environment, "DATABASE_POOL": "0"}
        self._prepare(without_pool)
        gunicorn: list[str | Path] = [
            "-m",
            "gunicorn",
            "-c",
            Path(__file__).with_name("gunicorn.conf.py"),
            "deploy.wsgi:application",
        ]
        self.supervisor.start(Kept("jobs", Program(["-m", "django", "qcluster"], without_pool, seconds=30)))
        web = Kept("web", Program(gunicorn, environment, seconds=40))
        self.supervisor.start(web)
        wait_for_answer(self.bind, self.port, web)
        self.facts["web"] = f"http://{_reachable(self.bind)}:{self.port}"
        self._remember()
        self._welcome()
        while True:
            time.sleep(0.25)
            if self.supervisor.look_after():
                self._remember()

    def _servers(self) -> tuple[str, str]:
        database_url, redis_url = env.optional("DATABASE_URL", ""), env.optional("REDIS_URL", "")
        if bool(database_url) != bool(redis_url):
            given, missing = ("DATABASE_URL", "REDIS_URL") if database_url else ("REDIS_URL", "DATABASE_URL")
            raise Unusable(f"{given} is set and {missing} is not: set both to use servers of your own, or neither.")
        if database_url:
            return database_url, redis_url
        _say("Starting PostgreSQL and Valkey")
        secrets = self.installation.secrets()
        postgres = Postgres(self.installation.ledger, secrets["LEDGER_PASSWORD"], settings=_LEDGER_SETTINGS)
        valkey = Valkey(self.installation.gate, secrets["GATE_PASSWORD"])
        self.supervisor.start(Kept("ledger", postgres, tries=3))
        postgres.create_database()
        self.supervisor.start(Kept("gate", valkey, tries=3))
        return postgres.url(), valkey.url()

    def _prepare(self, environment: dict[str, str]) -> None:
        arguments: list[str | Path] = ["-m", "deploy.prepare", "--data", self.installation.folder]
        if self.demonstration:
            arguments += ["--sign-in-file", self.installation.sign_in_file]
        preparing = Program(arguments, environment, seconds=10)
        try:
            preparing.start()
            assert preparing.process
            code = preparing.process.wait()
        finally:
            preparing.stop()
        if code:
            raise CannotStart("The city could not be prepared; the reason is above. Nothing that was stored is lost.")

    def _remember(self) -> None:
        self.installation.remember(self.facts, self.supervisor.pids())

    def _welcome(self) -> None:
        web = self.facts["web"]
        pages = {
            "Citizens": "/",
            "The desk": "/desk/",
            "Administrators": "/admin/",
            "The API": "/api/docs",
            "Monitoring": "/metrics",
        }
        _say("\n" + "".join(f"  {what:<15} {web}{page}\n" for what, page in pages.items()))
        if self.demonstration and self.installation.sign_in_file.exists():
            _say(self.installation.sign_in_file.read_text())
            _say(_SIGHTS)
        elif not self.demonstration:
            _say('  The first administrator: make manage ARGS="createsuperuser"\n')
        _say(f"Data: {self.installation.folder}. Ctrl-C stops everything; the data stay.")


def _reachable(bind: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}.get(bind, bind)


def _refuse_taken_port(bind: str, port: int) -> None:
    if not 1 <= port <= 65535:
        raise Unusable(f"PORT must be from 1 to 65535, not {port}.")
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        # As gunicorn does: connections of an earlier start that are still closing do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise Unusable(
                f"PORT {port} on {bind} cannot be used ({error.strerror}): choose another, "
                f"for example make run PORT={port + 1 if port < 65535 else 8000}."
            ) from None


def wait_for_answer(bind: str, port: int, web: Kept, path: str = "/") -> None:
    """Return when the web server has answered at all. Raises CannotStart."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and web.pid:
        connection = http.client.HTTPConnection(_reachable(bind), port, timeout=30)
        try:
            connection.request("GET", path)
            if (status := connection.getresponse().status) >= 500:
                _say(f"The first page answers with an error ({status}); the reason is above.")
            return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise CannotStart("The web server does not answer; the reason is above. Nothing that was stored is lost.")


def _on_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)
    # nohup has it ignored.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, handler)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    # One request is enough; a second must not interrupt the orderly stop.
    _on_signals(signal.SIG_IGN)
    raise _Stop


def main() -> int:
    """Run the city that the environment describes; 0 after an orderly stop, 1 and one sentence otherwise."""
    _on_signals(_stop)
    try:
        City(
            Installation.from_environment(),
            env.optional("BIND", "127.0.0.1"),
            env.number("PORT", 8000),
            env.flag("DEMONSTRATION", default=True),
        ).run()
    except (CannotStart, Unusable, subprocess.SubprocessError) as reason:
        print(reason, file=sys.stderr)
        return 1
    except _Stop:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
