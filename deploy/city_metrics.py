"""What ledger and gate say of the whole city: the same on every machine, so that alerts take the highest.

Only a scrape asks, and of all scrapes in some seconds only the first (booking/queries/observed.py).
"""

from collections.abc import Iterator
from typing import Any

from django.db import Error as LedgerError
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from booking.queries.observed import Observed, observed
from booking.queries.reconciled import last_reconciled
from deploy.parts import gate_answers, ledger_answers


class City:
    """A collector; what does not answer is left out, and `vaccine_ledger_up` or `vaccine_gate_up` is 0."""

    def collect(self) -> Iterator[Metric]:
        """Gate and ledger, jobs, messages and queues."""
        ledger, gate = ledger_answers(), gate_answers()
        yield _one("vaccine_ledger_up", "1 if the ledger answers.", ledger)
        yield _one("vaccine_gate_up", "1 if the gate answers.", gate)
        yield from _reconciled()
        if not ledger:
            return
        try:
            look = observed(now=timezone.now())
        except LedgerError:
            return
        yield from _work(look)
        yield from _messages(look)
        yield from _ledger(look)

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: registering must not ask anybody."""
        return iter(())


def _one(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=float(value))


def _by(name: str, says: str, label: str, values: dict[str, Any]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for which, value in values.items():
        family.add_metric([which], float(value))
    return family


def _reconciled() -> Iterator[Metric]:
    last = last_reconciled()
    if last is None:
        return
    at, counts = last.at.timestamp(), last.counts
    yield _one("vaccine_reconcile_last_success_timestamp_seconds", "When gate and ledger were last compared.", at)
    yield _one("vaccine_drift_places", "Places that the gate was wrong about then.", counts.drift)
    yield _one("vaccine_oversold_slots", "Slots with more taken than their quota: always 0.", counts.oversold)
    yield _one("vaccine_slots_at_the_gate", "Slots that the gate knows.", last.slots)
    places = {"left": counts.left, "held": counts.held}
    yield _by("vaccine_places_at_the_gate", "Places left there, and on hold.", "state", places)
    yield CounterMetricFamily("vaccine_reconcile_repairs", "Slots put right at the gate.", value=last.repairs)


def _work(look: Observed) -> Iterator[Metric]:
    yield _one("vaccine_jobs_due", "Jobs that nobody has begun.", look.jobs_due)
    yield _one("vaccine_job_age_seconds", "How long the oldest of them is due.", look.oldest_job)
    if look.schedule_late is not None:
        yield _one("vaccine_schedule_late_seconds", "How far what runs by the clock is behind.", look.schedule_late)
    yield _one("vaccine_jobs_failed_last_hour", "Jobs that failed within an hour.", look.jobs_failed)
    yield _one("vaccine_queue_people_waiting", "People who wait in queues of releases.", look.queue_people)
    yield _one("vaccine_paused", "1 while booking is paused.", look.is_paused)
    yield _by("vaccine_alerts_open", "Alerts that the city's own pages show.", "kind", look.alerts)


def _messages(look: Observed) -> Iterator[Metric]:
    counts = {state: count for state, (count, _age) in look.messages.items()}
    ages = {state: age for state, (_count, age) in look.messages.items()}
    yield _by("vaccine_messages_due", "Messages that are due and not sent.", "state", counts)
    yield _by("vaccine_message_age_seconds", "How long the oldest of them is due.", "state", ages)
    sent = {channel: count for channel, (count, _last) in look.sent.items()}
    lasts = {channel: last.timestamp() for channel, (_count, last) in look.sent.items() if last is not None}
    yield _by("vaccine_messages_sent_today", "Messages counted today.", "channel", sent)
    yield _by("vaccine_message_last_sent_timestamp_seconds", "When a channel last took one.", "channel", lasts)


def _ledger(look: Observed) -> Iterator[Metric]:
    connections = {"active": look.active_connections, "idle": look.connections - look.active_connections}
    yield _by("vaccine_ledger_connections", "Connections that the ledger's server has.", "state", connections)
    yield _one("vaccine_ledger_connections_most", "As many as it takes.", look.most_connections)
    yield _one("vaccine_ledger_size_bytes", "Size of the database.", look.ledger_bytes)
    yield _one("vaccine_replicas", "Replicas that follow the ledger.", look.replicas)
    if look.replica_lag is not None:
        yield _one("vaccine_replica_lag_seconds", "How far the slowest of them is behind.", look.replica_lag)
