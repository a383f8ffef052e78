"""The browser that the journeys use: the system's own Chromium, with fonts for Chinese.

`python -m tests.browser.chromium` installs both where it may, and says how otherwise.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = (
    "chromium", "chromium-browser", "google-chrome-stable", "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)  # fmt: skip
# Nothing of the browser's own goes out; without a sandbox, because root has none.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--no-default-browser-check", "--disable-default-apps",
)  # fmt: skip
_PACKAGES = ("chromium", "fonts-noto-cjk")
_COMMAND = f"sudo apt-get install --yes --no-install-recommends {' '.join(_PACKAGES)}"


def program() -> str | None:
    """Where the browser is; None if there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def has_chinese_fonts() -> bool:
    """Whether some font has Chinese characters; without one, pages are measured in empty boxes."""
    if sys.platform == "darwin":
        return True
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def _as_root() -> list[str] | None:
    """What to put before a command that only root may run; None where that is not to be had without a password."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def _install() -> None:
    before = _as_root()
    if before is None or not shutil.which("apt-get") or not Path("/etc/debian_version").exists():
        return
    print(f"Installing {' and '.join(_PACKAGES)}", flush=True)
    quietly = {"stdout": subprocess.DEVNULL, "check": False, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    # With the lists that are there it is quicker; where they are too old, with new ones.
    command = [*before, "apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *_PACKAGES]
    if subprocess.run(command, stderr=subprocess.DEVNULL, **quietly).returncode:
        subprocess.run([*before, "apt-get", "update", "--quiet"], **quietly)
        subprocess.run(command, **quietly)


def main() -> int:
    """0 if browser and fonts are there now, 1 and the command that brings them otherwise."""
    if not (program() and has_chinese_fonts()):
        _install()
    if program() and has_chinese_fonts():
        return 0
    print(f"The journeys need Chromium and a font for Chinese. On Debian and Ubuntu: {_COMMAND}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
