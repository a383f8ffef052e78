import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from booking.queries.audit import audit


class Command(BaseCommand):
    help = "Compare quota, ledger and gate slot by slot. Exits 1 on anything oversold, doubly booked or drifted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = audit(now=timezone.now())
        if options["json"]:
            print(json.dumps(found.as_dict()))
        else:
            for line in found.lines():
                print(line)
        if not found.is_clean:
            sys.exit(1)
