from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from booking.management.arguments import whole_number
from booking.management.progress import Progress
from booking.operations.keys.rotate import Rotated, rotate_keys, rows_by_key
from booking.operations.keys.sign_jobs import sign_jobs_again


class Command(BaseCommand):
    help = (
        "Encrypt every document number, phone and health answer with the first key of FIELD_KEYS, while the city goes "
        "on. It may be ended and started again. --check only says which keys are still needed. --jobs signs "
        "waiting jobs with a new SECRET_KEY instead, while no qcluster runs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; say how many values each key has")
        parser.add_argument("--jobs", action="store_true", help="sign waiting jobs with the present SECRET_KEY")
        parser.add_argument(
            "--rows-per-second", type=whole_number(1, 1_000_000), default=2000, help="at most so many (2000)"
        )

    def handle(self, *args: Any, check: bool, jobs: bool, rows_per_second: int, **options: Any) -> None:
        if jobs:
            print(f"{sign_jobs_again():,} waiting jobs are signed with the present SECRET_KEY now.")
            return
        counts = rows_by_key()
        if not check:
            total = sum(sum(by_key.values()) for by_key in counts.values())
            progress = Progress("values", total)
            done = rotate_keys(rows_a_second=rows_per_second, tell=lambda so_far: progress.at(so_far.looked_at))
            progress.at(done.looked_at)
            progress.end()
            self._say(done)
            counts = rows_by_key()
        self._judge(counts)

    def _say(self, done: Rotated) -> None:
        first = next(iter(settings.FIELD_KEYS))
        print(f"{done.rotated:,} values are encrypted with {first} now.")
        if done.changed_meanwhile:
            print(f"{done.changed_meanwhile:,} were changed by somebody else meanwhile, and are theirs.")

    def _judge(self, counts: dict[str, dict[str, int]]) -> None:
        """Say what each key still has, and which may go. Raises CommandError while an old key is needed."""
        first, *old = settings.FIELD_KEYS
        by_key: dict[str, int] = {}
        for column in counts.values():
            for key_id, rows in column.items():
                by_key[key_id] = by_key.get(key_id, 0) + rows
        for key_id in (first, *old):
            rows = by_key.pop(key_id, 0)
            said = "the first key" if key_id == first else "still needed" if rows else "may be taken out of FIELD_KEYS"
            print(f"  {key_id}: {rows:,} values; {said}")
            if rows and key_id != first:
                by_key[f"{key_id} (of FIELD_KEYS)"] = rows
        if not by_key:
            return
        for name, column in counts.items():
            if others := {key_id: rows for key_id, rows in column.items() if key_id != first}:
                print(f"    {name}: " + ", ".join(f"{rows:,} of {key_id}" for key_id, rows in others.items()))
        if unknown := [key_id for key_id in by_key if not key_id.endswith("(of FIELD_KEYS)")]:
            raise CommandError(
                f"{', '.join(unknown)} is not in FIELD_KEYS, and what it has encrypted cannot be read: put it back."
            )
        raise CommandError(
            "Old keys are still needed. Start every process with the new key in front, then rotate again."
        )
