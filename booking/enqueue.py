"""One function per job. A job is a row that commits with the caller's transaction.

Jobs are named by dotted string, because this module lies below the jobs; a test checks that each name resolves.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django_q.humanhash import uuid as new_task_id
from django_q.models import OrmQ
from django_q.signing import SignedPackage

SEND_MESSAGES = "booking.jobs.send_messages"
JOBS = (SEND_MESSAGES,)


def queue_name() -> str:
    """The queue that `manage.py qcluster` of this installation works off."""
    return str(settings.Q_CLUSTER["name"])


def payload(job: str, *, now: datetime) -> str:
    """A job in django-q2's own signed form, for statements that insert its row themselves."""
    name, task_id = new_task_id()
    package: str = SignedPackage.dumps(
        {"id": task_id, "name": name, "func": job, "args": (), "kwargs": {}, "started": now, "save": False}
    )
    return package


def send_messages(*, now: datetime, delay: timedelta = timedelta(0)) -> None:
    """Have the waiting messages sent, not before `delay` has passed."""
    OrmQ.objects.create(key=queue_name(), payload=payload(SEND_MESSAGES, now=now), lock=now + delay)
