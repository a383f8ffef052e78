"""An installation as a city has it: several gunicorn masters, each on a socket that outlives it, behind nginx."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.embedded import free_port
from tests.bench.installation import Installation
from tests.front import Nginx

_ROOT = Path(__file__).resolve().parents[2]
# All citizens of a test have one address.
_NO_LIMITS: dict[str, Any] = {
    "requests": 100_000, "burst": 100_000, "tries": 10_000, "tries_burst": 10_000, "connections": 20_000,
}  # fmt: skip
# systemd hands a socket over as number three.
_AS_SYSTEMD = 'exec env LISTEN_PID=$$ LISTEN_FDS=1 "$@"'


class Master:
    """One gunicorn master with its workers, serving the code in `tree` on a socket that somebody else holds open."""

    def __init__(self, listening: socket.socket, environment: Mapping[str, str], log: Path, tree: Path = _ROOT) -> None:
        self.listening, self.environment, self.log, self.tree = listening, environment, log, tree
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and do not wait."""
        command = ["sh", "-c", _AS_SYSTEMD, "sh", sys.executable, "-m", "gunicorn"]
        command += ["-c", "deploy/gunicorn.conf.py", self.environment.get("WSGI", "deploy.wsgi:application")]
        number = self.listening.fileno()

        def third() -> None:
            os.dup2(number, 3)

        self.process = subprocess.Popen(
            command, env={**self.environment, "PYTHONPATH": str(self.tree)}, cwd=self.tree,
            stdout=subprocess.DEVNULL, stderr=self.log.open("ab"), pass_fds=(3, number), preexec_fn=third,
        )  # fmt: skip

    def stop(self) -> None:
        """Let it finish what it has in work, as systemd would."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def workers(self) -> list[int]:
        """Process ids of its workers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []


class BehindNginx(Installation):
    """`port` is nginx's. `machines` are the ports of the masters."""

    count = 2

    def __init__(self, settings: str = "tests.bench.settings", **front: Any) -> None:
        super().__init__(settings)
        self.sockets = [socket.create_server(("127.0.0.1", free_port()), backlog=2048) for _ in range(self.count)]
        self.machines = [one.getsockname()[1] for one in self.sockets]
        self.masters: list[Master] = []
        self.given: dict[str, str] = {}
        upstreams = [f"127.0.0.1:{port}" for port in self.machines]
        static = self.folder / "static"
        self.nginx = Nginx(self.folder / "nginx", upstreams, static=static, **{**_NO_LIMITS, **front})

    def start_web(self, worker_class: str = "gevent", **environment: str) -> None:
        """Start the masters with a worker each, and nginx; wait until each of them answers."""
        self.given = {
            **self.environment,
            "WEB_WORKER_CLASS": worker_class,
            "WEB_WORKERS": "1",
            "BEHIND_PROXY": "1",
            **environment,
        }
        self.masters = [self.make_master(number) for number in range(len(self.sockets))]
        for master in self.masters:
            master.start()
        for port in self.machines:
            wait_for_answer(port, self.web_log)
        self.nginx.start()
        self.port = self.nginx.port

    def make_master(self, number: int) -> Master:
        """The master of one of the web machines."""
        return Master(self.sockets[number], self.given, self.folder / "web.log")

    def stop_web(self) -> None:
        """Stop nginx, then the masters, and wait until every request has been finished."""
        self.nginx.stop()
        for master in self.masters:
            master.stop()
        self.masters = []

    def workers(self) -> list[int]:
        """Process ids of all masters' workers."""
        return [worker for master in self.masters for worker in master.workers()]

    def __exit__(self, *exc: object) -> None:
        super().__exit__(*exc)
        for one in self.sockets:
            one.close()


def wait_for_answer(port: int, log: Any, seconds: float = 60) -> None:
    """Wait until a web machine answers."""
    deadline = time.monotonic() + seconds
    while health(port, "/health/live")[0] != 200:
        if time.monotonic() > deadline:
            raise RuntimeError(log()[-2000:])
        time.sleep(0.1)


def health(port: int, path: str = "/health/ready", seconds: float = 5) -> tuple[int, float]:
    """Status of the answer, 0 for none, and the seconds it took."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status, time.monotonic() - started
    except (OSError, http.client.HTTPException):
        return 0, time.monotonic() - started
    finally:
        connection.close()
