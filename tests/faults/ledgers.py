"""Installations whose ledger is something more, or something less, than one server with a disk that never fills."""

import shutil
import subprocess
from contextlib import ExitStack

from deploy.account import server_account
from deploy.embedded import free_port
from tests import debian
from tests.bench.installation import LEDGER_SETTINGS, Installation
from tests.faults.ledger_servers import Replica, run, synchronous, wait_for
from tests.faults.proxy import Proxy

_SETTINGS = "tests.faults.ledger_settings"


class _Ledger(Installation):
    def __init__(self, settings: str = _SETTINGS) -> None:
        super().__init__(settings)
        self.more = ExitStack()

    def __exit__(self, *exc: object) -> None:
        self.stop_web()
        self.more.close()
        super().__exit__(*exc)


class Proxied(_Ledger):
    """The web processes reach their ledger through a proxy. Few connections, so that others can take them all."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger.settings = ["max_connections=40", "shared_buffers=128MB"]

    def __enter__(self) -> "Proxied":
        super().__enter__()
        self.proxy = self.more.enter_context(Proxy(self.ledger.port))
        url = self.ledger.url().replace(f":{self.ledger.port}/", f":{self.proxy.port}/")
        self.environment["DATABASE_URL"] = url
        return self


class Small(_Ledger):
    """The ledger's tables lie on a disk of their own, of 96 megabytes."""

    def __enter__(self) -> "Small":
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        before = debian.as_root()
        assert before is not None, "A small disk can be mounted by root only, or with sudo that asks for no password."
        subprocess.run([*before, "mount", "-t", "tmpfs", "-o", "size=96m,mode=0777", "tmpfs", self.disk], check=True)
        self.more.callback(subprocess.run, [*before, "umount", "--lazy", self.disk], check=True)
        super().__enter__()
        there = self.disk / "tables"
        there.mkdir(mode=0o700)
        if account := server_account(self.ledger.folder / "data"):
            shutil.chown(there, *account)
        run(self.ledger, f"CREATE TABLESPACE small LOCATION '{there}'")
        run(self.ledger, "ALTER DATABASE booking SET TABLESPACE small")
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop_web()
        self.ledger.stop()
        super().__exit__(*exc)

    def fill(self) -> int:
        """Leave no room on it; the bytes that took."""
        written, piece = 0, b"\0" * 65536
        with (self.disk / "ballast").open("wb", buffering=0) as ballast:
            try:
                while True:
                    written += ballast.write(piece)
            except OSError:
                return written

    def clear(self) -> None:
        """There is room again."""
        (self.disk / "ballast").unlink()


class Replicated(_Ledger):
    """A ledger that has a replica for reads, and that another server may take over from."""

    def __init__(self, settings: str = _SETTINGS) -> None:
        super().__init__(settings)
        self.ports = [free_port() for _ in range(4)]
        self.ledger.port = self.ports.pop(0)
        self.replica: Replica | None = None

    def __enter__(self) -> "Replicated":
        super().__enter__()
        every = ",".join(f"127.0.0.1:{port}" for port in (self.ledger.port, *self.ports))
        url = self.ledger.url().replace(f"127.0.0.1:{self.ledger.port}", every)
        self.environment["DATABASE_URL"] = f"{url}?target_session_attrs=read-write"
        self.environment["DATABASE_REPLICA_URL"] = f"{url}?target_session_attrs=standby"
        self.environment["DATABASE_REPLICA_LAG"] = "2"
        return self

    def stand_by(self, *, sync: bool = False, behind: float = 0.0) -> Replica:
        """A new replica of the ledger as it is now; what it hears may come so many seconds late."""
        way = self.more.enter_context(Proxy(self.ledger.port))
        way.delay(behind)
        port = self.ports.pop(0)
        folder = self.folder / f"replica-{port}"
        made = Replica(folder, self.ledger.password, port, LEDGER_SETTINGS, of=self.ledger, via=way.port)
        made.start()
        self.more.callback(made.stop)
        wait_for(self.ledger)
        synchronous(self.ledger, "*" if sync else "")
        self.replica = made
        return made

    def fail_over(self) -> None:
        """The replica is promoted, and is the ledger from now on."""
        assert self.replica is not None
        self.replica.promote()
        # Nobody stands by for it yet.
        synchronous(self.replica, "")
        self.ledger, self.replica = self.replica, None
