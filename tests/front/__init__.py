"""nginx as a city has it, for tests, faults and benches: the project's own configuration, on loopback."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from deploy import processes
from deploy.embedded import free_port
from deploy.nginx import Front
from deploy.wheels import nginx_program


class Nginx:
    """One nginx in front of `upstreams`, with everything that it writes in `folder`. Started on entry."""

    def __init__(self, folder: Path, upstreams: Sequence[str], *, static: Path | None = None, **settings: object):
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        account = {"user": "root"} if os.geteuid() == 0 else {}
        front = Front(
            names=["localhost"],
            upstreams=upstreams,
            static=static or folder / "static",
            run=folder,
            cache=folder / "cache",
            http=[f"127.0.0.1:{self.port}"],
            https=[f"127.0.0.1:{self.tls_port}"],
            error_log=str(folder / "error.log"),
            **account,  # type: ignore[arg-type]
        )
        self.front = replace(front, **settings)  # type: ignore[arg-type]
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Nginx":
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Write the configuration, start, and wait until it listens."""
        (self.folder / "cache").mkdir(parents=True, exist_ok=True)
        self._write()
        output = (self.folder / "nginx.log").open("ab")
        arguments: list[str | Path] = [nginx_program(), *self._where(), "-g", "daemon off;"]
        self.process = processes.start(arguments, stop_signal=signal.SIGQUIT, output=output)
        deadline = time.monotonic() + 10
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self.log())
            time.sleep(0.02)

    def stop(self) -> None:
        """End it with everything that it has in work."""
        if self.process is not None:
            processes.finish(self.process, seconds=10)

    def check(self) -> str:
        """What `nginx -t` says of the configuration. Raises CalledProcessError if it is not valid."""
        self._write()
        command = [nginx_program(), *self._where(), "-t"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stderr

    def reload(self, **settings: object) -> None:
        """Go on with other settings; what is in work ends as it began."""
        assert self.process is not None
        self.front = replace(self.front, **settings)  # type: ignore[arg-type]
        self.check()
        self.process.send_signal(signal.SIGHUP)

    def log(self) -> str:
        """What it has complained of."""
        files = [self.folder / "nginx.log", self.folder / "error.log"]
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    def _where(self) -> list[str | Path]:
        # Its own folder as the prefix, and no log before the configuration names one.
        return ["-p", self.folder, "-e", self.folder / "error.log", "-c", self.folder / "nginx.conf"]

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "cache").mkdir(exist_ok=True)
        (self.folder / "nginx.conf").write_text(self.front.render())

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False
