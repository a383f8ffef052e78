"""Django's command line for a city that is running: `DATA=var python -m deploy.manage_running COMMAND …`."""

import os
import sys
from pathlib import Path

from deploy.installation import Installation, Unusable


def main() -> int:
    """Become `manage.py` with the environment of the city in DATA; 1 and one sentence if it does not run."""
    installation = Installation.from_environment()
    try:
        running = installation.running()
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


if __name__ == "__main__":
    sys.exit(main())
