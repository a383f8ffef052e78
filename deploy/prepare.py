"""Makes ledger and static files ready for serving, doing only what is needed: `python -m deploy.prepare`.

One process for all steps, because starting Django takes longer than most of them.
"""

import argparse
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import django
import redis
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from deploy import processes


def main() -> int:
    """Carry out the steps; returns 1 and one sentence if the ledger or the gate does not answer or a step refuses."""
    parser = argparse.ArgumentParser(prog="python -m deploy.prepare", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder for what to remember between starts")
    parser.add_argument("--sign-in-file", type=Path, help="load the demonstration city, and write who can sign in here")
    wanted = parser.parse_args()
    django.setup()
    try:
        _servers_answer()
        # Compressing them takes a core for a while, and nothing else here needs them.
        static_files = _StaticFiles(wanted.data / "static.sha256")
        static_files.begin()
        _migrate()
        if wanted.sign_in_file:
            _load_demonstration_city(wanted.data / "demonstration-unfinished", wanted.sign_in_file)
        call_command("install_schedules")
        static_files.finish()
    except (CommandError, DatabaseError, redis.RedisError) as reason:
        print(" ".join(f"Preparing failed: {reason}".split()), file=sys.stderr)
        return 1
    return 0


def _servers_answer() -> None:
    if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        raise CommandError("DATABASE_POOLER is 1. Prepare with the ledger's own address and 0.")
    try:
        with connection.cursor() as cursor:
            # Requests have to be quick; migrations and loading a city may take their time.
            cursor.execute("SET statement_timeout = 0")
    except OperationalError as error:
        raise CommandError(f"PostgreSQL at DATABASE_URL does not answer: {error}") from None
    try:
        # Not before Django is set up: the gate counts, where the settings say.
        from booking.admission.servers import Cluster, open_client

        gate = open_client(settings.REDIS_URL, connections=1, timeout=5)
        # A cluster has been asked by now; that one of its nodes is away need not stop a start.
        if not isinstance(gate, Cluster):
            gate.ping()
        gate.close()
    except (redis.RedisError, redis.RedisClusterException) as error:
        raise CommandError(f"Redis at REDIS_URL does not answer: {error}") from None


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the tables", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


class _StaticFiles:
    """Collects static files in a process of its own, if they changed since the last time."""

    def __init__(self, remembered: Path) -> None:
        self.remembered = remembered
        self.fingerprint = _static_fingerprint()
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        if (
            settings.STATIC_ROOT.exists()
            and self.remembered.exists()
            and self.remembered.read_text() == self.fingerprint
        ):
            return
        print("Collecting static files", flush=True)
        self.process = processes.start([sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"])

    def finish(self) -> None:
        if self.process is None:
            return
        if self.process.wait():
            raise CommandError("the static files could not be collected.")
        self.remembered.write_text(self.fingerprint)


def _static_fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(repr((settings.STORAGES["staticfiles"], settings.STATIC_ROOT)).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _load_demonstration_city(unfinished: Path, sign_in_file: Path) -> None:
    from sites.models import Site

    # Never into a ledger that has sites of its own; again where an earlier load was interrupted.
    if Site.objects.exists() and not unfinished.exists():
        return
    unfinished.touch()
    call_command("load_demonstration_city", sign_in_file=str(sign_in_file))
    unfinished.unlink()


if __name__ == "__main__":
    sys.exit(main())
