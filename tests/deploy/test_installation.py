"""One data folder: secrets are made once and guarded, one start at a time, leftovers are found again."""

import json
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from deploy import processes
from deploy.installation import Installation, Unusable


@pytest.fixture
def city(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "city")


def _sleeper() -> "subprocess.Popen[bytes]":
    """A process that is not told when its starter dies, as on a system that cannot do that."""
    started: list[subprocess.Popen[bytes]] = []
    thread = threading.Thread(target=lambda: started.append(processes.start(["sleep", "60"])))
    thread.start()
    thread.join()
    return started[0]


def test_secrets_are_made_once_for_the_owners_eyes_only(city: Installation) -> None:
    city.open()

    first, second = city.secrets(), city.secrets()

    assert first == second
    assert len(set(first.values())) == 6
    assert stat.S_IMODE(city.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((city.folder / "secrets.json").stat().st_mode) == 0o600


def test_lost_secrets_are_not_replaced_where_data_would_become_unreadable(city: Installation) -> None:
    city.open()
    (city.ledger / "data").mkdir(parents=True)

    with pytest.raises(Unusable, match=r"secrets\.json is gone"):
        city.secrets()

    assert not (city.folder / "secrets.json").exists()


def test_a_city_that_is_older_than_its_backups_gets_a_key_for_them(city: Installation) -> None:
    city.open()
    made = city.secrets()
    older = {name: value for name, value in made.items() if name != "BACKUP_KEYS"}
    (city.folder / "secrets.json").write_text(json.dumps(older))

    found = city.secrets()

    assert {**found, "BACKUP_KEYS": ""} == {**older, "BACKUP_KEYS": ""}
    assert city.secrets() == found


@pytest.mark.parametrize(("content", "fault"), [("{", "is damaged"), ('{"SECRET_KEY": "x"}', "lacks FIELD_KEYS, ")])
def test_damaged_secrets_are_left_as_they_are(city: Installation, content: str, fault: str) -> None:
    city.open()
    (city.folder / "secrets.json").write_text(content)

    with pytest.raises(Unusable, match=fault):
        city.secrets()

    assert (city.folder / "secrets.json").read_text() == content


def test_only_one_start_at_a_time_has_the_folder(city: Installation) -> None:
    city.open()
    with pytest.raises(Unusable, match="is in use by process"):
        Installation(city.folder).open()

    city.close()
    Installation(city.folder).open()


def test_a_folder_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Unusable, match="cannot be used"):
        Installation(tmp_path / "file").open()


def test_a_leftover_is_ended_but_not_another_process_with_its_number(city: Installation) -> None:
    city.open()
    leftover, other = _sleeper(), _sleeper()
    city.remember({}, {"web": leftover.pid, "jobs": other.pid})
    remembered = json.loads((city.folder / "servers.json").read_text())
    remembered["born"]["jobs"] = "long ago"
    (city.folder / "servers.json").write_text(json.dumps(remembered))
    # The kernel keeps an ended child until it is asked for; a leftover has no starter, so it would be gone at once.
    reaper = threading.Thread(target=leftover.wait)
    reaper.start()

    assert city.end_leftovers() == ["web"]

    reaper.join()
    assert other.poll() is None
    processes.finish(other)


def test_a_city_counts_as_running_only_while_its_supervisor_does(city: Installation) -> None:
    city.open()
    assert city.running() is None

    city.remember({"web": "http://127.0.0.1:1"}, {})
    assert stat.S_IMODE((city.folder / "servers.json").stat().st_mode) == 0o600
    assert (city.running() or {})["web"] == "http://127.0.0.1:1"

    # As a supervisor that was killed leaves it, when another process has got its number since.
    remembered = json.loads((city.folder / "servers.json").read_text())
    remembered["born"]["supervisor"] = "long ago"
    (city.folder / "servers.json").write_text(json.dumps(remembered))
    assert city.running() is None


def test_children_get_the_keys_but_not_the_servers_passwords(city: Installation) -> None:
    city.open()

    given = city.environment(database_url="postgresql://x", redis_url="redis://x", demonstration=True)

    assert given["DEMONSTRATION"] == "1"
    assert {"SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY"} <= given.keys()
    assert not {"LEDGER_PASSWORD", "GATE_PASSWORD"} & given.keys()
