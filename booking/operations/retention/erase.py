"""The erasure itself: every step, batch by batch. It may be ended at any moment, and goes on where it was."""

import time
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from booking.operations.retention import appointments, fair_release, people, traces
from booking.operations.retention.steps import Step

# Messages first, because invitations stay while there is one of them; accounts last, when little is left of them.
STEPS: tuple[Step, ...] = (*traces.STEPS, *appointments.STEPS, *fair_release.STEPS, *people.STEPS)
ROWS_AT_ONCE = 500
# The hours of the city in which the job erases.
NIGHT = range(1, 5)


def what_is_over(*, now: datetime) -> dict[str, int]:
    """How many rows of each step the next erasure would take."""
    with transaction.atomic():
        _take_time()
        return {step.name: step.over(now).count() for step in STEPS}


def erase_what_is_over(*, now: datetime, seconds: float = 240, rows: int = ROWS_AT_ONCE) -> dict[str, int]:
    """Erase or make anonymous what is over, for so many seconds at most; returns how many rows of each step.

    Safe to run twice and to end in the middle: each batch is a transaction of its own, and what is left is found again.
    """
    until, done = time.monotonic() + seconds, dict.fromkeys((step.name for step in STEPS), 0)
    for step in STEPS:
        seen: set[object] = set()
        while time.monotonic() < until:
            with transaction.atomic():
                _take_time()
                keys = list(step.over(now).order_by("pk").values_list("pk", flat=True)[:rows])
                # Those that would not go are not tried for ever.
                if not (keys := [key for key in keys if key not in seen]):
                    break
                step.erase(keys, now)
            seen.update(keys)
            done[step.name] += len(keys)
    return done


def erase_at_night(*, now: datetime) -> str:
    """What the hourly job does: at night the erasure, in the day nothing."""
    if timezone.localtime(now).hour not in NIGHT:
        return "not at night"
    done = {name: count for name, count in erase_what_is_over(now=now).items() if count}
    return ", ".join(f"{count} {name}" for name, count in done.items()) or "nothing is over"


def _take_time() -> None:
    # A whole table is read at night, which takes longer than a statement of the city may.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '120s'")
