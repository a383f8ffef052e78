"""The ledger's address as PostgreSQL's own programs want it, and where these programs are."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from deploy.backups.store import CannotBackUp
from deploy.wheels import WheelMissing, postgres_folder

# The slot by which the ledger knows what a backup has not received yet, and the name by which it can be named in
# synchronous_standby_names.
SLOT = "vaccine_backup"


def program(name: str) -> Path:
    """PostgreSQL's program of that name: the wheel's, else the system's. Raises CannotBackUp."""
    try:
        return postgres_folder() / "bin" / name
    except WheelMissing:
        found = shutil.which(name)
        if found is None:
            raise CannotBackUp(f"{name} is not here: install PostgreSQL's client programs.") from None
        return Path(found)


def connection_string(database: Mapping[str, Any], **more: Any) -> str:
    """What libpq connects by, without the password."""
    host, port = database["HOST"] or None, database["PORT"] or None
    return make_conninfo("", host=host, port=port, user=database["USER"], dbname=database["NAME"], **more)


def environment(database: Mapping[str, Any]) -> dict[str, str]:
    """The environment for PostgreSQL's programs: the password, which must not stand on a command line."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "PGPASSWORD": str(database["PASSWORD"])}
