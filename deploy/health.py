"""Is this process alive, and can it serve? For load balancers and people on duty."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage

from django.conf import settings
from django.db import Error as LedgerError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from booking.queries.observed import Observed, observed
from deploy.parts import gate_answers, ledger_answers
from deploy.watchers import may_watch
from sites.kept import Kept

_FRESH = {"Cache-Control": "no-store"}
# Seconds. What runs by the clock runs each minute, messages and jobs within seconds.
_SCHEDULE_LATE = 180
_JOB_OLD = 300
_MESSAGE_OLD = 600
_REPLICA_LATE = 60
_DISK_FREE = 0.05


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not as it should be: the part, a code, and what that means."""

    part: str
    code: str
    says: str


_LEDGER = Reason("ledger", "ledger_down", "PostgreSQL does not answer: nothing can be booked or looked up.")
_GATE = Reason("gate", "gate_down", "Redis does not answer: bookings go on from the ledger, a few at a time.")


def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all; asks nobody else."""
    return JsonResponse({"status": "live"}, headers=_FRESH)


def ready(request: HttpRequest) -> JsonResponse:
    """503 while nothing can be booked, else 200; why, for those who may know.

    Everything but a lost ledger is `degraded`, still 200, because taking every web machine out of service would turn a
    slower city into none.
    """
    reasons = tuple(_reasons.get("reasons", lambda: tuple(_look())))
    status = "unavailable" if _LEDGER in reasons else "degraded" if reasons else "ready"
    said: dict[str, object] = {"status": status}
    if may_watch(request):
        said["failing"] = [reason.part for reason in reasons]
        said["reasons"] = [{"part": one.part, "code": one.code, "says": one.says} for one in reasons]
    return JsonResponse(said, status=503 if status == "unavailable" else 200, headers=_FRESH)


_reasons = Kept(1)
_behind = Kept(60)


def _look() -> Iterator[Reason]:
    ledger = ledger_answers()
    if not ledger:
        yield _LEDGER
    if not gate_answers():
        yield _GATE
    if ledger:
        try:
            if _behind.get("migrations", _migrations_wait):
                yield Reason("migrations", "migrations_pending", "The tables are older than the program: migrate.")
            yield from _of_the_city(observed(now=timezone.now()))
        except LedgerError:
            yield Reason("ledger", "ledger_slow", "PostgreSQL answers, but not when asked how the city stands.")
    yield from _disks()


def _migrations_wait() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _of_the_city(look: Observed) -> Iterator[Reason]:
    if look.schedule_late is None:
        yield Reason("jobs", "jobs_not_installed", "Nothing runs by the clock: manage.py install_schedules.")
    elif look.schedule_late > _SCHEDULE_LATE:
        yield Reason("jobs", "jobs_silent", "No qcluster has begun what was due minutes ago: is one running?")
    if look.oldest_job > _JOB_OLD:
        yield Reason("jobs", "jobs_behind", f"{look.jobs_due} jobs wait, the oldest for {look.oldest_job:.0f} s.")
    due, age = max(look.messages.values(), key=lambda row: row[1], default=(0, 0.0))
    if age > _MESSAGE_OLD:
        yield Reason("messages", "messages_behind", f"{due} messages are not sent, the oldest for {age:.0f} s.")
    if look.replica_lag is not None and look.replica_lag > _REPLICA_LATE:
        yield Reason("replica", "replica_late", f"A replica is {look.replica_lag:.0f} s behind.")


def _disks() -> Iterator[Reason]:
    for folder in settings.METRICS["folders"]:
        if Path(folder).exists() and (usage := disk_usage(folder)).free < usage.total * _DISK_FREE:
            yield Reason("disk", "disk_full", f"{folder}: {usage.free // 2**20} MB are free.")
