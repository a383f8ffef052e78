"""Starts a real PostgreSQL and a real Valkey for the run, before Django reads its settings.

Under pytest-xdist the first process starts PostgreSQL, and every worker a Valkey of its own, because tests empty it.
With TEST_DATABASE_URL set, that PostgreSQL is used instead.
"""

import base64
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pytest

from deploy.embedded import Postgres, Valkey

_running: list[Postgres | Valkey] = []
_folders: list[Path] = []

# Tests may lose their database in a power cut; they may not take ten minutes.
_FAST = ("fsync=off", "synchronous_commit=on", "full_page_writes=off", "max_connections=200", "shared_buffers=128MB")


def _folder(name: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"booking-tests-{name}-"))
    folder.chmod(0o755)
    _folders.append(folder)
    return folder


def pytest_unconfigure(config: pytest.Config) -> None:
    for server in reversed(_running):
        server.stop()
    for folder in _folders:
        shutil.rmtree(folder, ignore_errors=True)


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _start_postgres() -> str:
    server = Postgres(_folder("ledger"), password=secrets.token_hex(16), settings=_FAST)
    server.start()
    server.create_database()
    _running.append(server)
    return server.url()


def _start() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ["SECRET_KEY"] = secrets.token_hex(32)
        os.environ["FIELD_KEYS"] = "k1:" + _key()
        os.environ["BLIND_INDEX_KEY"] = "b1:" + _key()
        os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or _start_postgres()
    gate = Valkey(_folder("gate"), options=("--appendonly", "no"))
    gate.start()
    _running.append(gate)
    os.environ["REDIS_URL"] = gate.url()


# On import, because pytest-django reads the settings before any hook of a plugin named with -p is called.
_start()
