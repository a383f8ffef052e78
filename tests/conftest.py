"""Actors, places and a clock for every test."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests import emptying

CITY = ZoneInfo("Asia/Shanghai")
emptying.install()


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in the city, long before anything expires."""
    return datetime(2026, 11, 24, 10, 0, tzinfo=CITY)


@pytest.fixture(autouse=True)
def empty_gate() -> None:
    """Every test starts with a gate, and caches, that know nothing."""
    from booking.admission.connection import connection
    from booking.answers import store
    from booking.enqueue import forget_passing_on
    from booking.operations.messages import breaker
    from booking.queries.board import forget_boards
    from booking.queries.observed import forget_observed
    from booking.queries.pause import remember_pause
    from booking.queries.queues import forget_queue_slots
    from booking.queries.slot_facts import forget_slot_facts
    from booking.queries.stale import forget_replica
    from booking.queries.touts import forget_locked
    from deploy.parts import gate_answers, ledger_answers
    from sites.kept import Kept

    store.clear()
    breaker.forget()
    forget_boards()
    forget_passing_on()
    forget_queue_slots()
    forget_slot_facts()
    forget_replica()
    forget_locked()
    forget_observed()
    ledger_answers.forget()
    gate_answers.forget()
    Kept.forget_all()
    # As a process that has just asked. Whoever begins a pause in a test tells this process of it.
    remember_pause(None, seconds=3600)
    connection().client.flushall()
