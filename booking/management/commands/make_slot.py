from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from booking.management.arguments import find, whole_number
from booking.management.permission import only_for_trying_out
from booking.models import Programme, Slot
from booking.operations.quotas.publish_slots import publish_slots
from sites.models import Site

_FIRST_START, _MINUTES_A_DAY, _DAYS = time(9, 0), 14 * 60, 60


class Command(BaseCommand):
    help = (
        "Add a slot of half an hour from tomorrow on, at the first start that is free at this site for this "
        "programme, and print its id. Only in a demonstration or a rehearsal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--programme", required=True, metavar="CODE")
        parser.add_argument("--quota", required=True, type=whole_number(1, 100_000), metavar="N")
        parser.add_argument(
            "--opens-in", type=whole_number(0, 30 * 86_400), default=0, metavar="SECONDS", help="default: bookable now"
        )

    def handle(self, *args: Any, site: str, programme: str, quota: int, opens_in: int, **options: Any) -> None:
        only_for_trying_out()
        slot = _publish(find(Site, site), find(Programme, programme), quota, opens_in, now=timezone.now())
        print(slot.pk)


def _publish(site: Site, programme: Programme, quota: int, opens_in: int, *, now: datetime) -> Slot:
    zone = timezone.get_default_timezone()
    tomorrow = timezone.localdate(now, zone) + timedelta(days=1)
    for day in (tomorrow + timedelta(days=ahead) for ahead in range(_DAYS)):
        opening = datetime.combine(day, _FIRST_START, zone)
        there = Slot.objects.filter(site=site, programme=programme, starts_at__gte=opening)
        taken = set(there.filter(starts_at__lt=opening + timedelta(days=1)).values_list("starts_at", flat=True))
        for start in (opening + timedelta(minutes=minute) for minute in range(_MINUTES_A_DAY)):
            # Somebody else may take the start in between; then nothing is new, and the next one is tried.
            if start not in taken and (new := _publish_one(site, programme, day, start, quota, opens_in, now)):
                return new[0]
    raise CommandError(f"Every minute of the next {_DAYS} days has a slot at {site.code} for {programme.code}.")


def _publish_one(
    site: Site, programme: Programme, day: date, start: datetime, quota: int, opens_in: int, now: datetime
) -> list[Slot]:
    return publish_slots(
        site=site,
        programme=programme,
        day=day,
        times=[(start.time(), (start + timedelta(minutes=30)).time())],
        quota=quota,
        opens_at=now + timedelta(seconds=opens_in),
        by=None,
        now=now,
    )
