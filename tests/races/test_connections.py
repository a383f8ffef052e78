"""More people at once than there are connections to the ledger: whoever waits for others lets go of theirs."""

import threading
import time

import pytest
from django.db import connection

from booking.api import book as door
from booking.api import full_answers
from booking.models.sessions import let_go
from booking.operations.refusals import SlotFull
from tests.factories import make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def _free() -> int:
    return connection.pool.get_stats()["pool_available"]  # type: ignore[attr-defined]


def _connections_held_while_waiting(now) -> int:
    """How many connections somebody holds who has asked the ledger something and waits for the answer to all."""
    slot, has_asked = make_slot(), threading.Event()
    connection.close()

    def come_too_late() -> None:
        connection.ensure_connection()
        has_asked.set()
        door._full(SlotFull(), slot.pk, "zh-hans", now)
        connection.close()

    key = f"{SlotFull.code}:{slot.pk}:zh-hans"
    assert door._full_answers.store.begin(key) is None
    before = _free()
    late = threading.Thread(target=come_too_late)
    late.start()
    assert has_asked.wait(10)
    deadline = time.monotonic() + 0.7
    while _free() < before and time.monotonic() < deadline:
        time.sleep(0.01)
    held = before - _free()
    door._full_answers.store.done(key)
    late.join(10)
    return held


def test_who_waits_for_the_answer_to_all_who_come_too_late_holds_no_connection(now):
    connection.ensure_connection()
    let_go()

    assert _connections_held_while_waiting(now) == 0


def test_twin_who_does_not_let_go_holds_one_that_the_maker_of_the_answer_may_need(now, monkeypatch):
    monkeypatch.setattr(full_answers, "let_go", lambda: None)

    assert _connections_held_while_waiting(now) == 1
