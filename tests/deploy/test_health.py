"""Health, as a load balancer asks for it and as people on duty read it; and the first page."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from booking import enqueue
from booking.admission.connection import connection as gate
from booking.models import Message
from booking.queries.observed import forget_observed
from deploy import health, parts
from sites.kept import Kept
from tests.factories import make_appointment, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule() -> Schedule:
    """Something that runs by the clock, in time."""
    return Schedule.objects.create(func="booking.jobs.reconcile", next_run=timezone.now() + timedelta(seconds=30))


def asked(client: Client) -> tuple[int, str, list[str]]:
    """Status, state and the codes of the reasons, without what was known before."""
    Kept.forget_all()
    cache.clear()
    forget_observed()
    parts.ledger_answers.forget()
    parts.gate_answers.forget()
    answer = client.get("/health/ready")
    said = answer.json()
    assert all(reason["says"] for reason in said["reasons"])
    return answer.status_code, said["status"], [reason["code"] for reason in said["reasons"]]


def test_alive_asks_nobody(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "live"}


def test_ready_names_no_part_when_all_is_well(client: Client, schedule: Schedule) -> None:
    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "failing": [], "reasons": []})
    assert answer["Cache-Control"] == "no-store"


def test_many_who_ask_within_a_second_cost_one_look(
    client: Client, schedule: Schedule, django_assert_num_queries
) -> None:
    client.get("/health/ready")

    with django_assert_num_queries(0):
        for _ in range(50):
            assert client.get("/health/ready").json()["status"] == "ready"


def test_a_gate_that_is_gone_is_no_reason_to_take_the_machine_out(
    client: Client, schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate(), "_opened", _Gone())

    assert asked(client) == (200, "degraded", ["gate_down"])
    gate().breaker.worked()


def test_a_ledger_that_is_gone_is_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ledger_answers", lambda: False)

    assert asked(client) == (503, "unavailable", ["ledger_down"])


def test_others_learn_the_state_and_not_why(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ledger_answers", lambda: False)

    answer = client.get("/health/ready", headers={"X-Forwarded-For": "192.0.2.7"})

    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_jobs_that_nobody_begins_are_told(client: Client, schedule: Schedule) -> None:
    Schedule.objects.update(next_run=timezone.now() - timedelta(minutes=4))
    assert asked(client) == (200, "degraded", ["jobs_silent"])

    Schedule.objects.all().delete()
    assert asked(client) == (200, "degraded", ["jobs_not_installed"])


def test_a_queue_that_does_not_get_shorter_is_told(client: Client, schedule: Schedule) -> None:
    long_ago = timezone.now() - timedelta(minutes=6)
    OrmQ.objects.create(key=enqueue.queue_name(), payload="", lock=long_ago)

    assert asked(client) == (200, "degraded", ["jobs_behind"])


def test_messages_that_do_not_go_out_are_told_and_those_that_wait_for_the_morning_are_not(
    client: Client, schedule: Schedule
) -> None:
    now = timezone.now()
    _message("tomorrow", created_at=now - timedelta(hours=2), due_at=now + timedelta(hours=8))
    assert asked(client) == (200, "ready", [])

    _message("late", created_at=now - timedelta(minutes=11), due_at=now - timedelta(minutes=11))
    assert asked(client) == (200, "degraded", ["messages_behind"])


def test_tables_that_are_older_than_the_program_are_told(client: Client, schedule: Schedule) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'booking')"
        )

    assert asked(client) == (200, "degraded", ["migrations_pending"])


def test_a_disk_that_is_nearly_full_is_told(
    client: Client, schedule: Schedule, monkeypatch: pytest.MonkeyPatch, settings, tmp_path
) -> None:
    settings.METRICS = {**settings.METRICS, "folders": [str(tmp_path)]}
    assert asked(client) == (200, "ready", [])

    monkeypatch.setattr(health, "disk_usage", lambda folder: _Usage())
    assert asked(client) == (200, "degraded", ["disk_full"])


def test_the_first_page_says_that_it_is_a_demonstration(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "演示系统" in page
    english = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert "Demonstration: sites, places and all people are made up." in english


class _Gone:
    """A gate that does not answer."""

    def ping(self) -> None:
        raise ConnectionRefusedError


class _Usage:
    """A disk of which four in a hundred are free."""

    total, free = 100, 4


def _message(key: str, *, created_at: datetime, due_at: datetime) -> None:
    appointment = make_appointment(make_slot())
    Message.objects.create(key=key, kind="BOOKED", appointment=appointment, created_at=created_at, due_at=due_at)
