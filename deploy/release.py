"""Put the release in this folder in the place of the one that runs: `python -m deploy.release --from blue --to green`.

Nobody's request fails: the next release starts beside the one that runs, on the same socket, and only when it answers
does the other finish what it has begun and end. deploy/RELEASE.md says how folders and units are laid out.
"""

import argparse
import http.client
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import django


class CannotRelease(Exception):
    """The release before goes on serving; the message says why."""


class Served(Protocol):
    """One release, as it can be started and stopped on this machine."""

    def start(self) -> None:
        """Start it, and return when it serves. Raises CannotRelease."""

    def stop(self) -> None:
        """Let it finish what it has begun, and return when it has ended; does no harm if it does not run."""


@dataclass(frozen=True)
class Unit:
    """A release as a unit of systemd, of Type=notify: it counts as started when its first worker can answer."""

    name: str

    def start(self) -> None:
        done = subprocess.run(["systemctl", "start", self.name], capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotRelease(f"{self.name} does not start: {done.stderr.strip()}")

    def stop(self) -> None:
        subprocess.run(["systemctl", "stop", self.name], check=True)


def hand_over(before: Served, after: Served, *, answers: Callable[[], bool]) -> None:
    """Start the one, and stop the other when everything answers. Raises CannotRelease with `before` still serving."""
    try:
        after.start()
    except CannotRelease:
        after.stop()
        raise
    if not answers():
        after.stop()
        raise CannotRelease("With the next release beside it the site does not answer; the next release was stopped.")
    before.stop()


def change_tables() -> None:
    """Carry out the pending migrations, if all of them are safe beside the release that runs. Raises CannotRelease."""
    from deploy.migrations import migrate_patiently, pending, unsafe

    reasons = [reason for migration in pending() for reason in unsafe(migration)]
    if reasons:
        raise CannotRelease("These migrations would break the release that runs:\n" + "\n".join(reasons))
    migrate_patiently()


def _answers(address: str, times: int = 20) -> bool:
    url = urlsplit(address)
    for _ in range(times):
        # Each time on a connection of its own: both releases take them.
        connection = http.client.HTTPConnection(url.hostname or "127.0.0.1", url.port, timeout=10)
        try:
            connection.request("GET", url.path)
            if connection.getresponse().status != 200:
                return False
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
    return True


def main() -> int:
    """Release on this machine; 1 and the reason if that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m deploy.release", description=__doc__)
    parser.add_argument("--from", dest="before", required=True, help="the colour that serves now")
    parser.add_argument("--to", dest="after", required=True, help="the colour whose folder this is")
    parser.add_argument("--unit", default="vaccine-web@{}", help="the units' name, with {} for the colour")
    parser.add_argument("--health", default="http://127.0.0.1:8000/health/ready")
    wanted = parser.parse_args()
    django.setup()
    try:
        change_tables()
        before, after = (Unit(wanted.unit.format(colour)) for colour in (wanted.before, wanted.after))
        hand_over(before, after, answers=lambda: _answers(wanted.health))
    except CannotRelease as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
