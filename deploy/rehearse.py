"""A dress rehearsal on this machine alone: `make rehearse`, or `python -m deploy.rehearse` and what the command takes.

It starts PostgreSQL, Valkey, the web server and the jobs in a folder of their own, has `manage.py rehearse` conduct the
rehearsal, and removes everything but the report. The load comes from the same machine, so a figure of this is a floor.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy import env
from deploy.embedded import CannotStart, Postgres, Valkey, free_port
from deploy.installation import Installation
from deploy.supervisor import Kept, Program, Supervisor
from deploy.up import wait_for_answer

_LEDGER_SETTINGS = ("max_connections=200", "shared_buffers=256MB", "max_wal_size=4GB")


class Stage:
    """A private installation that is marked for rehearsals. Started on entry, stopped and removed on exit."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="booking-rehearsal-"))
        self.folder.chmod(0o755)
        self.supervisor = Supervisor(_say)
        self.port = free_port()
        self.environment: dict[str, str] = {}

    def __enter__(self) -> "Stage":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.supervisor.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        installation = Installation(self.folder)
        secrets = installation.secrets()
        ledger = Postgres(installation.ledger, secrets["LEDGER_PASSWORD"], settings=_LEDGER_SETTINGS)
        gate = Valkey(installation.gate, secrets["GATE_PASSWORD"])
        _say("Starting PostgreSQL, Valkey, the jobs and the web server")
        self.supervisor.start(Kept("ledger", ledger, tries=1))
        ledger.create_database()
        self.supervisor.start(Kept("gate", gate, tries=1))
        known = installation.environment(database_url=ledger.url(), redis_url=gate.url(), demonstration=False)
        # Whatever the caller's environment names: only these servers, and nobody real. No file is fetched here, so none
        # is collected.
        ours = {"DATABASE_URL": ledger.url(), "REDIS_URL": gate.url(), "PORT": str(self.port)}
        marked = {"REHEARSAL": "1", "DEMONSTRATION": "0", "SECURE": "0", "SMS_CHANNEL": "console"}
        self.environment = {**known, **ours, **marked, "BIND": "127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1"}
        for command in (["migrate", "--verbosity", "0"], ["install_schedules"]):
            self.manage(*command)
        jobs = Program(["-m", "django", "qcluster"], {**self.environment, "DATABASE_POOL": "0"}, seconds=30)
        self.supervisor.start(Kept("jobs", jobs))
        configuration = Path(__file__).with_name("gunicorn.conf.py")
        web = Kept(
            "web",
            Program(["-m", "gunicorn", "-c", configuration, "deploy.wsgi:application"], self.environment, seconds=40),
        )
        self.supervisor.start(web)
        wait_for_answer("127.0.0.1", self.port, web, "/health/live")

    def manage(self, *arguments: str) -> int:
        """Run one of Django's commands here, with its output where ours goes; its exit code."""
        # In a session of its own: it is told to stop once, by us, and has the time to end its own way.
        command = [sys.executable, "-m", "django", *arguments]
        process = subprocess.Popen(command, env=self.environment, start_new_session=True)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)

    def watched(self) -> list[str]:
        """The processes whose memory is looked at: web server and jobs."""
        pids = self.supervisor.pids()
        return [str(pids[name]) for name in ("web", "jobs") if name in pids]


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def main() -> int:
    """Rehearse with the arguments of the command line; the command's own exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Stage() as stage:
            _say(f"Web workers: {env.number('WEB_WORKERS', 2)}")
            address = f"http://127.0.0.1:{stage.port}"
            return stage.manage("rehearse", *sys.argv[1:], "--address", address, "--watch", *stage.watched())
    except CannotStart as reason:
        print(reason, file=sys.stderr)
    except KeyboardInterrupt:
        _say("Stopped.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
