from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from booking.management.progress import Progress
from deploy.backups.restore import restore
from deploy.backups.store import CannotBackUp, moment
from deploy.management.backup_settings import ledger, store

_DONE = {
    "base": ("MB of the base unpacked", 1e6),
    "log": ("pieces of the log decrypted", 1),
    "replay": ("pieces of the log carried out", 1),
}


class Command(BaseCommand):
    help = (
        "Make a ledger from the backup in BACKUP_FOLDER, up to the last commit that was received. It writes into an "
        "empty folder only, and needs no running ledger or gate; the keys must be the ones of then."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="the folder of the new ledger; made if missing")
        parser.add_argument("--until", help="stop at this moment, for example 2026-11-26T10:30:00+08:00")

    def handle(self, *args: Any, to: Path, until: str | None, **options: Any) -> None:
        try:
            end = moment(until) if until else None
        except ValueError:
            raise CommandError(f"--until {until} is no time; write it like 2026-11-26T10:30:00+08:00.") from None
        steps: dict[str, Progress] = {}

        def progress(step: str, done: int, of: int) -> None:
            if step not in steps:
                for earlier in steps.values():
                    earlier.end()
                what, unit = _DONE[step]
                steps[step] = Progress(what, of, unit=unit)
            steps[step].at(done, of)

        try:
            done = restore(store()[0], Path(to).resolve(), ledger(), until=end, progress=progress)
        except CannotBackUp as reason:
            raise CommandError(str(reason)) from None
        list(steps.values())[-1].end()
        last = timezone.localtime(done.last) if done.last else None
        ends = f"The last commit in it was made at {last:%Y-%m-%d %H:%M:%S.%f}" if last else "It ends with the base"
        print(f"{to / 'data'} is a ledger again, from the base {done.base.name} and {done.pieces} pieces of the log.")
        print(f"{ends}; {done.appointments:,} places are taken.")
        print("It waits for no replica and no backup: set synchronous_standby_names again once they follow it.")
        print("Start it, start the city, empty the gate if it is an old one, and run `manage.py audit_places`.")
