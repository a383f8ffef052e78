"""What is installed: under which licence, and whether something of it is known to be weak."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from deploy.advisories import LOCKS, STORED, Unreadable, check, locked, take, weaknesses

HOUSE = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 26)
MADE_UP = {
    "package": "Some_Thing",
    "id": "XY-2026-1",
    "affected": [">=4.2,<4.2.17", "<3"],
    "fixed_in": ["4.2.17"],
    "summary": "A header is believed.",
}


def _notice() -> str:
    return (HOUSE / "NOTICE").read_text().split("each under its own licence:")[1]


def listed(*entries) -> dict:
    return {"made_on": "2026-11-20", "advisories": list(entries)}


def test_every_package_that_an_installation_runs_is_listed_with_its_licence():
    noticed = dict(re.findall(r"^    ([a-z0-9.-]+) +([A-Z].*)$", _notice(), re.MULTILINE))

    assert noticed.keys() == locked(HOUSE / "requirements.lock").keys()
    # What asks for more than to be named; of those psycopg is used as a library, and certifi is a list of certificates.
    assert {name for name, licence in noticed.items() if re.search(r"GPL|MPL|EPL|SSPL", licence)} == {
        "certifi", "psycopg", "psycopg-binary", "psycopg-pool",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("version", "is_weak"),
    [
        ("4.2.16", True),
        ("4.2", True),
        ("2.9", True),
        ("3.0", False),
        ("4.2.17", False),
        ("4.2.17rc1", False),
        ("4.10", False),
    ],
)
def test_a_weakness_is_found_in_its_ranges_only(version, is_weak):
    found = weaknesses({"some-thing": version}, listed(MADE_UP))

    assert bool(found) is is_weak
    if found:
        assert found == [f"Some_Thing {version}: XY-2026-1, fixed in 4.2.17. A header is believed."]


def test_what_is_not_locked_or_was_accepted_is_no_finding():
    assert weaknesses({"other": "4.2.1"}, listed(MADE_UP)) == []
    assert weaknesses({"some-thing": "4.2.1"}, listed({**MADE_UP, "accepted": "Nobody can send that header."})) == []


@pytest.mark.parametrize("broken", [{"affected": ["4.2 or so"]}, {"affected": None}, {"id": None, "package": 7}])
def test_an_entry_that_cannot_be_read_stops_it(broken):
    with pytest.raises(Unreadable, match="cannot be read"):
        weaknesses({"some-thing": "4.2.1"}, listed({**MADE_UP, **broken}))


def test_the_real_locks_are_checked_against_a_list_and_an_old_or_empty_one_says_so(tmp_path):
    stored = tmp_path / "advisories.json"
    version = locked(LOCKS[0])["django"]
    stored.write_text(json.dumps(listed({**MADE_UP, "package": "Django", "affected": [f"<={version}"]})))

    wrong, note = check(LOCKS, stored, today=TODAY)
    assert [line.split(":")[0] for line in wrong] == ["requirements.lock", "requirements-dev.lock"]
    assert note == "1 advisories, 6 days old."
    assert "make the list anew" in check(LOCKS, stored, today=date(2027, 3, 1))[1]
    stored.write_text(json.dumps(listed()))
    with pytest.raises(Unreadable, match="is empty"):
        check(LOCKS, stored, today=TODAY)


def test_a_list_is_made_from_an_audit_and_keeps_what_was_accepted(tmp_path):
    audited, stored = tmp_path / "audit.json", tmp_path / "advisories.json"
    weak = [{"id": "XY-2026-1", "fix_versions": ["4.2.17"], "description": "A header\n is believed."}, {"id": "XY-2"}]
    audited.write_text(json.dumps({"dependencies": [{"name": "some-thing", "version": "4.2.1", "vulns": weak}]}))
    stored.write_text(json.dumps(listed({**MADE_UP, "id": "XY-2", "accepted": "Not used."})))

    assert take(audited, stored, today=TODAY) == 2
    made = json.loads(stored.read_text())
    assert made["made_on"] == "2026-11-26"
    assert weaknesses({"some-thing": "4.2.1"}, made) == [
        "some-thing 4.2.1: XY-2026-1, fixed in 4.2.17. A header is believed."
    ]
    audited.write_text("{}")
    with pytest.raises(Unreadable, match="not what an audit writes"):
        take(audited, stored, today=TODAY)


def test_the_stored_list_has_its_form():
    stored = json.loads(STORED.read_text())

    date.fromisoformat(stored["made_on"])
    assert weaknesses({}, stored) == []
