from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django_q.models import Schedule

from booking.schedules import SCHEDULES


class Command(BaseCommand):
    help = "Put the schedules into the queue's table; those that are gone from the code are removed."

    def handle(self, *args: Any, **options: Any) -> None:
        for scheduled in SCHEDULES:
            Schedule.objects.update_or_create(
                name=scheduled.name,
                defaults={
                    "func": scheduled.job,
                    "schedule_type": Schedule.MINUTES,
                    "minutes": scheduled.minutes,
                    "repeats": -1,
                },
                create_defaults={
                    "func": scheduled.job,
                    "schedule_type": Schedule.MINUTES,
                    "minutes": scheduled.minutes,
                    "repeats": -1,
                    "next_run": timezone.now(),
                },
            )
        Schedule.objects.exclude(name__in=[scheduled.name for scheduled in SCHEDULES]).delete()
        print(f"{len(SCHEDULES)} schedules installed.")
