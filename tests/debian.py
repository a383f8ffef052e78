"""Programs that come from the system's own packages: looked for, and installed where that is allowed."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path


def program(*names: str) -> str | None:
    """Where the first of these programs is; None if there is none."""
    # Servers lie where only root's way leads.
    way = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    return next((found for name in names if (found := shutil.which(name, path=way))), None)


def installed(there: Callable[[], bool], *packages: str) -> bool:
    """Whether it is there now, after an attempt to install the packages where it was not."""
    if not there():
        _install(packages)
    return there()


def command(*packages: str) -> str:
    """What somebody may type who is not allowed to do it without a password."""
    return f"sudo apt-get install --yes --no-install-recommends {' '.join(packages)}"


def _install(packages: Sequence[str]) -> None:
    before = as_root()
    if before is None or not shutil.which("apt-get") or not Path("/etc/debian_version").exists():
        return
    print(f"Installing {' and '.join(packages)}", flush=True)
    quietly = {"stdout": subprocess.DEVNULL, "check": False, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    # With the lists that are there it is quicker; where they are too old, with new ones.
    wanted = [*before, "apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    if subprocess.run(wanted, stderr=subprocess.DEVNULL, **quietly).returncode:
        subprocess.run([*before, "apt-get", "update", "--quiet"], **quietly)
        subprocess.run(wanted, **quietly)


def as_root() -> list[str] | None:
    """What to put before a command that only root may run; None where that is not to be had without a password."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None
