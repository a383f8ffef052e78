from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from booking.demo.programmes import load_programmes
from booking.demo.site_day import make_site_day
from booking.management.arguments import find
from booking.management.permission import only_for_trying_out
from sites.models import Site


class Command(BaseCommand):
    help = (
        "Fill one day of a site with 240 made-up people in every state, so that its desk has something to show. "
        "A second run changes nothing. Only in a demonstration or a rehearsal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--date", type=date.fromisoformat, help="YYYY-MM-DD; default: today")

    def handle(self, *args: Any, site: str, date: date | None, **options: Any) -> None:
        only_for_trying_out()
        began, now = monotonic(), timezone.now()
        load_programmes()
        where, day = find(Site, site), date or timezone.localdate(now)
        made = make_site_day(site=where, day=day, now=now)
        if made is None:
            print(f"{where.code} has its people of {day} already.")
            return
        print(f"{made.people} people at {where.code} on {day}, {monotonic() - began:.1f} s")
