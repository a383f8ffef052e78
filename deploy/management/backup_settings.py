"""What the settings say about backups."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from deploy.backups.store import Store


def store() -> tuple[Store, int]:
    """The folder of the backups with its keys, and how many bases are kept. Raises CommandError."""
    backups: dict[str, Any] = settings.BACKUPS
    if not backups["folder"] or not backups["keys"]:
        raise CommandError("BACKUP_FOLDER and BACKUP_KEYS are not set: .env.example says what they are.")
    return Store(Path(backups["folder"]).expanduser().resolve(), backups["keys"]), backups["keep"]


def ledger() -> dict[str, Any]:
    """The ledger's address and account."""
    return dict(settings.DATABASES["default"])
