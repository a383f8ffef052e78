"""Django's command line for a city that is running: `DATA=var python -m deploy.manage_running COMMAND …`.

Only `restore` is for a city that is not: it makes the ledger that the next start needs.
"""

import os
import sys
from pathlib import Path
from typing import Any

from deploy.embedded import Postgres
from deploy.installation import Installation, Unusable


def main() -> int:
    """Become `manage.py` with the environment of the city in DATA; 1 and one sentence if it does not run."""
    installation = Installation.from_environment()
    try:
        running = installation.running()
        if running is None and sys.argv[1:2] == ["restore"]:
            running = _not_yet_there(installation)
        if running is None:
            raise Unusable(f"No city is running on {installation.folder}: start it with `make run` first.")
        environment = installation.environment(
            database_url=running["database_url"],
            redis_url=running["redis_url"],
            demonstration=running["demonstration"],
        )
    except Unusable as reason:
        print(reason, file=sys.stderr)
        return 1
    manage = Path(__file__).resolve().parent.parent / "manage.py"
    os.execve(sys.executable, [sys.executable, str(manage), *sys.argv[1:]], environment)


def _not_yet_there(installation: Installation) -> dict[str, Any]:
    """As the city will be: its keys must be here already, because new ones would open nothing."""
    if not (installation.folder / "secrets.json").exists():
        raise Unusable(f"Put the lost city's secrets.json into {installation.folder} first: its backups need its keys.")
    ledger = Postgres(installation.ledger, installation.secrets()["LEDGER_PASSWORD"], port=1)
    return {"database_url": ledger.url(), "redis_url": "redis://127.0.0.1:1/0", "demonstration": False}


if __name__ == "__main__":
    sys.exit(main())
