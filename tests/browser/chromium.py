"""The browser that the journeys use: the system's own Chromium, with fonts for Chinese.

`python -m tests.browser.chromium` installs both where it may, and says how otherwise.
"""

import shutil
import subprocess
import sys

from tests import debian

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


def program() -> str | None:
    """Where the browser is; None if there is none."""
    return debian.program(*_NAMES)


def has_chinese_fonts() -> bool:
    """Whether some font has Chinese characters; without one, pages are measured in empty boxes."""
    if sys.platform == "darwin":
        return True
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def main() -> int:
    """0 if browser and fonts are there now, 1 and the command that brings them otherwise."""
    if debian.installed(lambda: bool(program() and has_chinese_fonts()), *_PACKAGES):
        return 0
    how = debian.command(*_PACKAGES)
    print(f"The journeys need Chromium and a font for Chinese. On Debian and Ubuntu: {how}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
