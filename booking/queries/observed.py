"""What can be asked of the ledger at any time about how the whole city stands. For monitoring and for health.

Asked at most once in some seconds, by whoever comes first of all processes and machines: never in a citizen's way.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from booking import enqueue
from booking.models import Alert, MessageCount, ReleaseQueue
from booking.queries.pause import open_pause
from booking.rules.queue import Pace, let_in_by

_SECONDS = 5
_KEY, _ASKING = "observed", "observed:asking"
# Counting further would take long and say nothing new.
_MOST = 100_000

CHANNELS = ("sms", "email", "city_app")

_JOBS = """
SELECT count(*), coalesce(extract(epoch FROM %(now)s - min(lock)), 0),
       coalesce((SELECT extract(epoch FROM %(now)s - min(next_run)) FROM django_q_schedule), -1),
       (SELECT count(*) FROM django_q_task WHERE NOT success AND stopped > %(now)s - interval '1 hour')
FROM django_q_ormq WHERE key = %(queue)s AND lock <= %(now)s
"""

_MESSAGES = """
SELECT failing, count(*), coalesce(extract(epoch FROM %(now)s - min(least(due_at, failing_since))), 0) FROM (
  SELECT due_at, failing_since, failing_since IS NOT NULL AS failing FROM booking_message
  WHERE sent_at IS NULL AND dropped_at IS NULL AND (due_at <= %(now)s OR failing_since IS NOT NULL) LIMIT %(most)s
) m GROUP BY failing
"""

# Of what other accounts do only somebody with pg_monitor sees more than that they are there.
_SERVER = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND state = 'active'),
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       current_setting('max_connections')::int, pg_database_size(current_database()),
       (SELECT count(*) FROM pg_stat_replication),
       (SELECT extract(epoch FROM max(replay_lag)) FROM pg_stat_replication)
"""


@dataclass(slots=True)
class Observed:
    """One look. Ages in seconds; what is not known is None or missing."""

    at: datetime
    jobs_due: int = 0
    oldest_job: float = 0
    # How far the earliest of what runs by the clock is behind; None where nothing is to run.
    schedule_late: float | None = None
    jobs_failed: int = 0
    # By state, waiting or failing: how many, and the age of the oldest.
    messages: dict[str, tuple[int, float]] = field(default_factory=dict)
    # By channel: sent today, and when the last one went.
    sent: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)
    queue_people: int = 0
    active_connections: int = 0
    connections: int = 0
    most_connections: int = 0
    ledger_bytes: int = 0
    replicas: int = 0
    replica_lag: float | None = None
    alerts: dict[str, int] = field(default_factory=dict)
    is_paused: bool = False


def observe(*, now: datetime) -> Observed:
    """Look now. Raises django.db.Error."""
    found = Observed(now)
    with connection.cursor() as cursor:
        cursor.execute(_JOBS, {"now": now, "queue": enqueue.queue_name()})
        found.jobs_due, oldest, late, found.jobs_failed = cursor.fetchone()
        found.oldest_job = max(float(oldest), 0)
        found.schedule_late = None if late == -1 else max(float(late), 0)
        cursor.execute(_MESSAGES, {"now": now, "most": _MOST})
        rows = {failing: (count, max(float(age), 0)) for failing, count, age in cursor.fetchall()}
        found.messages = {"waiting": rows.get(False, (0, 0.0)), "failing": rows.get(True, (0, 0.0))}
        cursor.execute(_SERVER)
        found.active_connections, found.connections, found.most_connections, found.ledger_bytes, *copies = (
            cursor.fetchone()
        )
    found.replicas, lag = copies
    # Of a replica that has it all there is no lag to tell.
    found.replica_lag = float(lag or 0) if found.replicas else None
    found.sent = _sent(now)
    found.queue_people = _in_queues(now)
    for kind in Alert.objects.filter(ended_at=None).values_list("kind", flat=True):
        found.alerts[kind] = 1
    found.is_paused = open_pause() is not None
    return found


def _sent(now: datetime) -> dict[str, tuple[int, datetime | None]]:
    rows = MessageCount.objects.filter(day=timezone.localdate(now), receiver__in=CHANNELS).values_list(
        "receiver", "count", "last_at"
    )
    return {channel: (count, last) for channel, count, last in rows}


def _in_queues(now: datetime) -> int:
    running = ReleaseQueue.objects.filter(cancelled_at=None, lobby_from__lte=now, ends_at__gt=now)
    return sum(
        max(queue.early + queue.behind - let_in_by(now, Pace(queue.opens_at, queue.early, queue.people_a_minute)), 0)
        for queue in running
    )


class _Last:
    """The last look of this process, and the shared one beside it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[float, Observed] | None = None

    def get(self, look: Callable[[], Observed]) -> Observed:
        with self._lock:
            if self._kept is not None and time.monotonic() < self._kept[0]:
                return self._kept[1]
            found = _shared(look)
            self._kept = (time.monotonic() + _SECONDS, found)
            return found

    def forget(self) -> None:
        self._kept = None


def _shared(look: Callable[[], Observed]) -> Observed:
    shared: tuple[float, Observed] | None = cache.get(_KEY)
    # Whoever finds an old look while somebody else is looking takes the old one.
    if shared is not None and (time.time() < shared[0] or not cache.add(_ASKING, 1, _SECONDS)):
        return shared[1]
    found = look()
    cache.set(_KEY, (time.time() + _SECONDS, found), _SECONDS * 12)
    return found


_last = _Last()


def observed(*, now: datetime) -> Observed:
    """A look that is some seconds old at the most. Raises django.db.Error."""
    return _last.get(lambda: observe(now=now))


def forget_observed() -> None:
    """The next question is answered afresh by this process."""
    _last.forget()
