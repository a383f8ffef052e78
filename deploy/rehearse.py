"""A dress rehearsal on this machine alone: `make rehearse`, or `python -m deploy.rehearse` and what the command takes.

It starts PostgreSQL, Valkey, the jobs, the web server and, where it is installed, nginx in a folder of their own, has
`manage.py rehearse` conduct the rehearsal, and removes everything but the report. The load comes from the same machine,
so a figure of this is a floor.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy import env, processes
from deploy.embedded import CannotStart, Postgres, Valkey, free_port
from deploy.installation import Installation
from deploy.nginx import Front
from deploy.supervisor import Kept, Program, Supervisor
from deploy.up import wait_for_answer
from deploy.wheels import WheelMissing, nginx_program

_LEDGER_SETTINGS = ("max_connections=200", "shared_buffers=256MB", "max_wal_size=4GB")


@dataclass
class _Nginx:
    """nginx with everything that it reads and writes in one folder."""

    program: Path
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it; whether it answers is asked afterwards."""
        where: list[str | Path] = ["-p", self.folder, "-e", self.folder / "error.log", "-c", self.folder / "nginx.conf"]
        self.process = processes.start([self.program, *where, "-g", "daemon off;"], stop_signal=signal.SIGQUIT)

    def stop(self) -> None:
        """End it with everything that it has in work."""
        if self.process:
            processes.finish(self.process, seconds=10)


class Stage:
    """A private installation that is marked for rehearsals. Started on entry, stopped and removed on exit."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="booking-rehearsal-"))
        self.folder.chmod(0o755)
        self.supervisor = Supervisor(_say)
        self.port = self.front = free_port()
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
        marked = {"REHEARSAL": "1", "DEMONSTRATION": "0", "SECURE": "0", "BEHIND_PROXY": "1", "SMS_CHANNEL": "console"}
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
        self._put_nginx_in_front()

    def _put_nginx_in_front(self) -> None:
        folder, self.front = self.folder / "nginx", free_port()
        try:
            nginx = _Nginx(nginx_program(), folder)
        except WheelMissing:
            _say("nginx is not installed here: people reach the web server as it is.")
            self.front = self.port
            return
        (folder / "cache").mkdir(parents=True)
        # All people of a rehearsal come from one address.
        front = Front(
            names=["127.0.0.1"], upstreams=[f"127.0.0.1:{self.port}"], static=folder, run=folder,
            cache=folder / "cache", http=[f"127.0.0.1:{self.front}"], error_log=str(folder / "error.log"),
            user="root" if os.geteuid() == 0 else "", requests=1_000_000, burst=60_000, tries=1_000_000,
            tries_burst=60_000, connections=60_000,
        )  # fmt: skip
        (folder / "nginx.conf").write_text(front.render())
        kept = Kept("nginx", nginx, tries=1)
        self.supervisor.start(kept)
        wait_for_answer("127.0.0.1", self.front, kept, "/health/live")

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
            address = f"http://127.0.0.1:{stage.front}"
            return stage.manage("rehearse", *sys.argv[1:], "--address", address, "--watch", *stage.watched())
    except CannotStart as reason:
        print(reason, file=sys.stderr)
    except KeyboardInterrupt:
        _say("Stopped.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
