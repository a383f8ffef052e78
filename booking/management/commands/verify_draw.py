import gzip
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from booking.rules.draw import clean_code, entry_name
from booking.rules.draw_file import Checked, NotRight, check


class Command(BaseCommand):
    help = "Draw again from a published file and compare it byte by byte. Exits 1 if anything comes out otherwise."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--code", help="also print what the entry with this code got")
        parser.add_argument("--commitment", default="", help="of the seed, as it was announced")
        parser.add_argument("--entries-digest", default="", help="of the entries, as it was published at the closing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            checked = check(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
            _compare(checked, options["commitment"], options["entries_digest"])
        except (NotRight, OSError, EOFError) as wrong:
            sys.exit(f"NOT RIGHT. {wrong}")
        placed = sum(one.slot is not None for one in checked.drawn)
        print(f"RIGHT. {checked.header['name']}: {len(checked.drawn)} entries, {placed} placed.")
        print(f"commitment     {checked.header['commitment']}")
        print(f"entries digest {checked.entries_digest}")
        print(f"public value   {checked.public_value}")
        print(f"file           {checked.digest}")
        if options["code"]:
            print(_result(checked, options["code"]))


def _compare(checked: Checked, commitment: str, entries_digest: str) -> None:
    if commitment and commitment != checked.header["commitment"]:
        raise NotRight("The commitment is not the one that was published.")
    if entries_digest and entries_digest != checked.entries_digest:
        raise NotRight("The entries are not those that were closed.")


def _result(checked: Checked, code: str) -> str:
    name = entry_name(checked.header["draw"], clean_code(code))
    places = {one.slot: one for one in checked.places}
    for one in checked.drawn:
        if one.name == name:
            got = places[one.slot] if one.slot is not None else None
            return f"rank {one.rank}: " + (f"{got.site} {got.day} {got.time}" if got else "no place")
    sys.exit("No entry has this code.")
