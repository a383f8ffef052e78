"""One function per job. A job is a row that commits with the caller's transaction.

Jobs are named by dotted string, because this module lies below the jobs; a test checks that each name resolves.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django_q.humanhash import uuid as new_task_id
from django_q.models import OrmQ
from django_q.signing import SignedPackage

SEND_MESSAGES = "booking.jobs.send_messages"
CHANGE_QUOTAS = "booking.jobs.change_quotas"
WORK_ON_IMPORT = "booking.jobs.work_on_import"
COUNT_FIGURES = "booking.jobs.count_figures"
ADVANCE_LEFTOVERS = "booking.jobs.advance_leftovers"
ADVANCE_DRAWS = "booking.jobs.advance_draws"
CARRY_ON_DRAW = "booking.jobs.carry_on_draw"
JOBS = (
    SEND_MESSAGES,
    CHANGE_QUOTAS,
    WORK_ON_IMPORT,
    COUNT_FIGURES,
    ADVANCE_LEFTOVERS,
    ADVANCE_DRAWS,
    CARRY_ON_DRAW,
)


def queue_name() -> str:
    """The queue that `manage.py qcluster` of this installation works off."""
    return str(settings.Q_CLUSTER["name"])


def payload(job: str, *args: str, now: datetime) -> str:
    """A job in django-q2's own signed form, for statements that insert its row themselves."""
    name, task_id = new_task_id()
    package: str = SignedPackage.dumps(
        {"id": task_id, "name": name, "func": job, "args": args, "kwargs": {}, "started": now, "save": False}
    )
    return package


def send_messages(*, now: datetime, delay: timedelta = timedelta(0)) -> None:
    """Have the waiting messages sent, not before `delay` has passed."""
    OrmQ.objects.create(key=queue_name(), payload=payload(SEND_MESSAGES, now=now), lock=now + delay)


def change_quotas(change_id: UUID, *, now: datetime) -> None:
    """Have the next steps of a bulk change, or of its undoing, carried out."""
    OrmQ.objects.create(key=queue_name(), payload=payload(CHANGE_QUOTAS, str(change_id), now=now), lock=now)


def work_on_import(run_id: UUID, *, now: datetime) -> None:
    """Have the next rows of an uploaded file checked or taken in."""
    OrmQ.objects.create(key=queue_name(), payload=payload(WORK_ON_IMPORT, str(run_id), now=now), lock=now)


def count_figures(*days: date, now: datetime) -> None:
    """Have the figures counted: of the days from the first to the last given, or of those that may have changed."""
    job = payload(COUNT_FIGURES, *(day.isoformat() for day in days), now=now)
    OrmQ.objects.create(key=queue_name(), payload=job, lock=now)


def advance_leftovers(*, now: datetime) -> None:
    """Have the next people asked about leftover doses."""
    OrmQ.objects.create(key=queue_name(), payload=payload(ADVANCE_LEFTOVERS, now=now), lock=now)


def advance_draws(*, now: datetime) -> None:
    """Have the losers of a round entered into the next one, and draws closed whose time has come."""
    OrmQ.objects.create(key=queue_name(), payload=payload(ADVANCE_DRAWS, now=now), lock=now)


def carry_on_draw(draw_id: UUID, *, now: datetime) -> None:
    """Have a draw drawn, and the next of its places given."""
    OrmQ.objects.create(key=queue_name(), payload=payload(CARRY_ON_DRAW, str(draw_id), now=now), lock=now)
