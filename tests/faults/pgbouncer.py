"""A PgBouncer with the configuration that a city uses, in front of a ledger of the faults."""

import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from deploy import processes
from deploy.account import let_pass, server_account
from deploy.embedded import Postgres, free_port
from tests import debian
from tests.faults.ledger_servers import until

_OURS = Path(__file__).resolve().parents[2] / "deploy" / "pgbouncer.ini"


@dataclass
class PgBouncer:
    """Started by hand, stopped or killed by hand."""

    folder: Path
    of: Postgres
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The address for DATABASE_URL."""
        return self.of.url().replace(f":{self.of.port}/", f":{self.port}/")

    def start(self) -> None:
        """Return when it answers. Raises AssertionError where PgBouncer is not to be had."""
        found = debian.installed(lambda: bool(debian.program("pgbouncer")), "pgbouncer")
        assert found, f"PgBouncer is needed. On Debian and Ubuntu: {debian.command('pgbouncer')}"
        account = server_account(self.folder / "none")
        self.folder.mkdir(mode=0o700, exist_ok=True)
        (self.folder / "pgbouncer.ini").write_text(self._configuration())
        (self.folder / "userlist.txt").write_text(f'"postgres" "{self.of.password}"\n')
        if account:
            # It does not run as root either.
            let_pass(account, self.folder)
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, *account)
        with (self.folder / "pgbouncer.log").open("ab") as output:
            self.process = processes.start(
                [str(debian.program("pgbouncer")), self.folder / "pgbouncer.ini"],
                output=output, account=account, folder=self.folder,
            )  # fmt: skip
        until(self._answers, 15)

    def stop(self) -> None:
        """Let everybody go, and end."""
        if self.process:
            processes.finish(self.process, stop_signal=signal.SIGTERM)

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def lead_to(self, server: Postgres) -> None:
        """As an administrator after a failover: another host in the file, then RELOAD."""
        self.of = server
        (self.folder / "pgbouncer.ini").write_text(self._configuration())
        with psycopg.connect(self.url.replace("/booking", "/pgbouncer"), autocommit=True) as console:
            console.pgconn.exec_(b"RELOAD")

    def _configuration(self) -> str:
        ours = {
            "listen_port": str(self.port),
            "auth_file": str(self.folder / "userlist.txt"),
            "admin_users": "postgres",
        }
        text = _OURS.read_text().replace("host=127.0.0.1 port=5432", f"host=127.0.0.1 port={self.of.port}")
        for name, value in ours.items():
            text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
            assert count == 1, name
        return text

    def _answers(self) -> bool:
        with psycopg.connect(self.url, connect_timeout=2):
            return True
