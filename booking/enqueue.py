"""One function per job. A job is a row that commits with the caller's transaction.

Jobs are named by dotted string, because this module lies below the jobs; a test checks that each name resolves.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django_q.humanhash import uuid as new_task_id
from django_q.models import OrmQ
from django_q.signing import SignedPackage

SEND_MESSAGES = "booking.jobs.send_messages"
CHANGE_QUOTAS = "booking.jobs.change_quotas"
WORK_ON_IMPORT = "booking.jobs.work_on_import"
COUNT_FIGURES = "booking.jobs.count_figures"
ADVANCE_LEFTOVERS = "booking.jobs.advance_leftovers"
RELEASE_PLACES = "booking.jobs.release_places"
JOBS = (SEND_MESSAGES, CHANGE_QUOTAS, WORK_ON_IMPORT, COUNT_FIGURES, ADVANCE_LEFTOVERS, RELEASE_PLACES)


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


def release_places(*, at: datetime) -> None:
    """Have the freed places that are due then passed on, within a second of that moment.

    One job serves everything that is due in one second; each process enqueues it once.
    """
    second = at.replace(microsecond=0) + timedelta(seconds=bool(at.microsecond))
    if second not in _passing_on:
        OrmQ.objects.create(key=queue_name(), payload=payload(RELEASE_PLACES, now=second), lock=second)
        # Not before: a transaction that is rolled back takes its job with it.
        transaction.on_commit(lambda: _remember(second))


_passing_on: dict[datetime, None] = {}
_MOST_SECONDS = 10_000


def _remember(second: datetime) -> None:
    _passing_on[second] = None
    while len(_passing_on) > _MOST_SECONDS:
        _passing_on.pop(next(iter(_passing_on)), None)


def forget_passing_on() -> None:
    """The next call of each second enqueues a job again: the queue was emptied."""
    _passing_on.clear()
