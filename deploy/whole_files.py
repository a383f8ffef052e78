"""Files that are there as a whole or not at all, whenever the machine stops."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write the whole file or nothing of it, readable by its owner only."""
    fresh = path.with_name(path.name + ".new")
    # One that an earlier try left behind may be readable by others.
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
