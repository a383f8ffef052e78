"""A new release while people book: its tables, then its code, on two web machines one after the other."""

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.release import CannotRelease, hand_over
from tests.faults.behind_nginx import BehindNginx, Master, health
from tests.faults.paced import Paced
from tests.faults.rush import promises_hold

_ROOT = Path(__file__).resolve().parents[3]
_PARTS = ("accounts", "booking", "deploy", "sites", "templates", "tests", "manage.py", "pyproject.toml")
_MIGRATION = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("booking", "{leaf}")]
    operations = [
        migrations.AddField("appointment", "colour", models.CharField(max_length=9, null=True)),
        migrations.AddField("slot", "shade", models.CharField(max_length=9, db_default="light")),
        AddIndexConcurrently("appointment", models.Index(fields=["colour"], name="appointments_by_colour")),
    ]
"""


class Beside(Master):
    """A release that says when it is ready, as to systemd."""

    def start(self) -> None:
        """Start it, and wait until its first worker can answer."""
        path = self.log.parent / f"ready-{self.listening.getsockname()[1]}-{self.tree.name}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(str(path))
            told.settimeout(60)
            self.environment = {**self.environment, "NOTIFY_SOCKET": str(path)}
            super().start()
            try:
                assert told.recv(100) == b"READY=1"
            except TimeoutError:
                raise CannotRelease("it was never ready") from None


def release_under_load(city: BehindNginx, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """A release with new columns and an index is put in the place of the one that runs, on both web machines."""
    tree = _next_release(city)
    with Paced(city, made["citizens"], made["slots"], seconds=90, bookings=60) as people:
        time.sleep(1)
        started = time.monotonic()
        _change_tables(city, tree)
        say(f"two columns and an index added while people book: {time.monotonic() - started:.1f} s")
        for number, before in enumerate(city.masters):
            started = time.monotonic()
            after = Beside(before.listening, city.given, before.log, tree)
            hand_over(before, after, answers=lambda port=city.machines[number]: health(port)[0] == 200)
            city.masters[number] = after
            say(f"web machine {number + 1} has the next release after {time.monotonic() - started:.1f} s")
        time.sleep(1)
        people.end()
    assert {_release(port) for port in city.machines} == {"next"}
    result = people.result
    failed = {name: count for name, count in result.statuses.items() if name not in {"200", "201"}}
    say(f"{len(result.latencies)} requests answered, {result.broken} connections broken, {sum(failed.values())} failed")
    assert not failed, failed
    assert not result.broken
    promises_hold(city, people, say)


def _next_release(city: BehindNginx) -> Path:
    tree = city.folder / "next"
    tree.mkdir()
    for part in _PARTS:
        source = _ROOT / part
        if source.is_dir():
            shutil.copytree(source, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / part)
    said = tree / "deploy" / "health.py"
    text = said.read_text()
    changed = text.replace('{"status": "live"}', '{"status": "live", "release": "next"}')
    assert changed != text
    said.write_text(changed)
    migrations = tree / "booking" / "migrations"
    leaf = max(file.stem for file in migrations.glob("0*.py"))
    (migrations / "0999_next_release.py").write_text(_MIGRATION.format(leaf=leaf))
    return tree


def _change_tables(city: BehindNginx, tree: Path) -> None:
    command = "import django; django.setup(); from deploy.release import change_tables; change_tables()"
    environment = {**city.given, "PYTHONPATH": str(tree), "DATABASE_POOL": "0"}
    subprocess.run([sys.executable, "-c", command], env=environment, cwd=tree, check=True)


def _release(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/health/live", headers={"Host": "localhost"})
    return str(json.loads(connection.getresponse().read()).get("release"))


CASES = (release_under_load,)
