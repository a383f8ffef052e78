"""Whether anything that is locked has a known weakness: `python -m deploy.advisories`, without the network.

advisories.json is a stored list; SECURITY.md says how to bring it up to date. `made_on` is its day, and each entry is

    {"package": "name", "id": "…", "affected": [">=4.2,<4.2.17", "<3"], "fixed_in": ["4.2.17"],
     "summary": "one sentence", "accepted": "why it does not concern us, only if it does not"}

A version is affected if one of the ranges holds it. `--take FILE` writes the list anew from what `pip-audit --format
json` has written on a machine with the network; what was accepted stays accepted.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

_HOUSE = Path(__file__).resolve().parent.parent
STORED = Path(__file__).with_name("advisories.json")
LOCKS = (_HOUSE / "requirements.lock", _HOUSE / "requirements-dev.lock")
# A list that nobody has renewed for so long says little.
OLD_AFTER_DAYS = 45


class Unreadable(Exception):
    """The stored list or a file does not have its form; the message says where."""


def locked(lock: Path) -> dict[str, str]:
    """The versions by name that a lock file names."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s\\;]+)", lock.read_text(), re.MULTILINE))


def weaknesses(versions: Mapping[str, str], stored: Mapping[str, Any]) -> list[str]:
    """A sentence for each of these versions that is affected by something not accepted. Raises Unreadable."""
    found, by_name = [], {canonicalize_name(name): version for name, version in versions.items()}
    for entry in stored["advisories"]:
        try:
            version = by_name.get(canonicalize_name(entry["package"]))
            if version is None or entry.get("accepted"):
                continue
            if any(SpecifierSet(one).contains(version, prereleases=True) for one in entry["affected"]):
                fixed = ", ".join(entry.get("fixed_in", ())) or "no version yet"
                found.append(f"{entry['package']} {version}: {entry['id']}, fixed in {fixed}. {entry['summary']}")
        except (AttributeError, KeyError, TypeError, InvalidSpecifier) as error:
            raise Unreadable(f"An entry of the list cannot be read ({error!r}): {entry}") from None
    return found


def check(locks: Iterable[Path], stored_at: Path, *, today: date) -> tuple[list[str], str]:
    """What is wrong with what is locked, and how much the list says. Raises Unreadable, also for an empty list."""
    try:
        stored = json.loads(stored_at.read_text())
        days, known = (today - date.fromisoformat(stored["made_on"])).days, len(stored["advisories"])
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{stored_at} cannot be read: {error!r}.") from None
    if not known:
        raise Unreadable(f"{stored_at} is empty, which says nothing. SECURITY.md says how to fill it.")
    wrong = [f"{lock.name}: {said}" for lock in locks for said in weaknesses(locked(lock), stored)]
    return wrong, f"{known} advisories, {days} days old" + (": make the list anew." if days > OLD_AFTER_DAYS else ".")


def take(audited: Path, stored_at: Path, *, today: date) -> int:
    """Write the list anew from the JSON of an audit of our locks; returns how many advisories. Raises Unreadable."""
    accepted = {one["id"]: one["accepted"] for one in _old(stored_at) if one.get("accepted")}
    entries = []
    try:
        for package in json.loads(audited.read_text())["dependencies"]:
            for weakness in package.get("vulns", ()):
                summary = " ".join(weakness.get("description", "").split())[:200]
                entry = {
                    "package": package["name"],
                    "id": weakness["id"],
                    "affected": [f"=={package['version']}"],
                    "fixed_in": list(weakness.get("fix_versions", ())),
                    "summary": summary,
                }
                if weakness["id"] in accepted:
                    entry["accepted"] = accepted[weakness["id"]]
                entries.append(entry)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{audited} is not what an audit writes: {error!r}.") from None
    listed = {"made_on": today.isoformat(), "advisories": entries}
    stored_at.write_text(json.dumps(listed, indent=2, ensure_ascii=False) + "\n")
    return len(entries)


def _old(stored_at: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(stored_at.read_text())["advisories"] if stored_at.exists() else []
    return found


def main() -> int:
    """0 if nothing that is locked is known to be weak, 1 if something is, 2 if that cannot be said."""
    parser = argparse.ArgumentParser(prog="python -m deploy.advisories")
    parser.add_argument("--take", type=Path, metavar="FILE", help="write the list anew from an audit's JSON")
    wanted, today = parser.parse_args(), datetime.now(UTC).date()
    try:
        if wanted.take:
            sys.stdout.write(f"{take(wanted.take, STORED, today=today)} advisories stored.\n")
        wrong, note = check(LOCKS, STORED, today=today)
    except (Unreadable, OSError) as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    sys.stdout.write("".join(f"{line}\n" for line in (*wrong, note)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
