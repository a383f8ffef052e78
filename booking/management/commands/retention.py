from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from booking.operations.retention.erase import erase_what_is_over, what_is_over


class Command(BaseCommand):
    help = "Erase or make anonymous now what is over (RETAIN_… say when), as the jobs do every night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing; say how many rows are over")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        counts = what_is_over(now=now) if dry_run else erase_what_is_over(now=now, seconds=float("inf"))
        width = max(map(len, counts))
        for name, count in counts.items():
            print(f"  {name:<{width}} {count:>10,}")
        print(f"{sum(counts.values()):,} rows {'are over; nothing was changed' if dry_run else 'erased or anonymous'}.")
