"""Receives what the ledger commits, as it commits it, until it is told to stop."""

import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from deploy import processes
from deploy.backups.ledger import SLOT, connection_string, environment, program
from deploy.backups.store import CannotBackUp, Store

_LOOK_SECONDS = 1.0
# pg_receivewal tries again by itself when the ledger is away; this is for when it gives up.
_PATIENCE = 5.0


class Follower:
    """Keeps pg_receivewal running and seals what it has received.

    Each commit is written to the disk here at once and acknowledged, so that the ledger can be told to wait for it:
    `synchronous_standby_names = 'vaccine_backup'`. The slot keeps what was not received yet at the ledger.
    """

    def __init__(self, store: Store, database: Mapping[str, Any], say: Callable[[str], None]) -> None:
        self.store, self.database, self.say = store, database, say
        self.receiving: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make folder and slot, and begin. Raises CannotBackUp."""
        self.store.prepare()
        arguments: list[str | Path] = [
            program("pg_receivewal"),
            "--slot",
            SLOT,
            "--if-not-exists",
            "--create-slot",
            *self._where(),
        ]
        made = subprocess.run(arguments, env=environment(self.database), capture_output=True, text=True, check=False)
        if made.returncode:
            raise CannotBackUp(f"The ledger does not let its log be followed: {made.stderr.strip()[-400:]}")
        self._receive()

    def look(self) -> None:
        """Seal what is complete, and start receiving again if it has ended."""
        if sealed := self.store.seal_log():
            self.store.note(log_at=time.time())
            self.say(f"{sealed} pieces of the log are sealed")
        if self.receiving is None or self.receiving.poll() is not None:
            self.say("Receiving has ended; beginning again")
            time.sleep(_PATIENCE)
            self._receive()

    def run(self) -> None:
        """Look each second, for ever."""
        while True:
            time.sleep(_LOOK_SECONDS)
            self.look()

    def stop(self) -> None:
        """What was received is on the disk, and goes on from there next time."""
        if self.receiving is not None:
            processes.finish(self.receiving)
        self.store.seal_log()

    def _receive(self) -> None:
        directory: list[str | Path] = ["--directory", self.store.log_folder, "--synchronous", "--status-interval", "1"]
        with (self.store.folder / "receiving.log").open("ab") as log:
            self.receiving = processes.start(
                [program("pg_receivewal"), *directory, "--slot", SLOT, *self._where()],
                output=log, environment=environment(self.database),
            )  # fmt: skip

    def _where(self) -> list[str]:
        return ["--no-password", "--dbname", connection_string(self.database, application_name=SLOT)]
