import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.tokens import issue
from booking.demo.citizens import MOST_CITIZENS, make_citizens
from booking.management.arguments import whole_number
from booking.management.permission import only_for_trying_out


class Command(BaseCommand):
    help = (
        "Add N made-up citizens, each with one patient whom any open programme accepts, and write a JSON object a "
        'line: {"token": ..., "patient": ...}. Only in a demonstration or a rehearsal.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", metavar="N", type=whole_number(1, MOST_CITIZENS))
        parser.add_argument("--out", type=Path, required=True, help="the file to write; it is replaced (mode 0600)")

    def handle(self, *args: Any, count: int, out: Path | str, **options: Any) -> None:
        only_for_trying_out()
        out = Path(out)
        unfinished = out.with_name(out.name + ".unfinished")
        try:
            self._write(count, unfinished)
            os.replace(unfinished, out)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}") from None
        finally:
            unfinished.unlink(missing_ok=True)
        print(f"{count:,} citizens in {out}")

    @staticmethod
    def _write(count: int, path: Path) -> None:
        # Tokens sign in: the file is its owner's alone, from its first byte.
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file, transaction.atomic():
            for citizen in make_citizens(count, now=timezone.now(), issue=issue):
                file.write(json.dumps({"token": citizen.token, "patient": citizen.patient}) + "\n")
