"""The same steps with one guard removed: what the machine is there to find."""

from contextlib import suppress

import pytest

from booking import admission
from booking.admission import GateDown
from booking.models import Appointment
from booking.operations import explain, record_bookings, record_moves
from tests.stateful import people
from tests.stateful.running import finds

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ledger_that_does_not_look_at_the_quota_is_found(run, monkeypatch) -> None:
    """The gate is opened too wide, and nobody else asks."""
    statement = record_bookings._STATEMENT
    monkeypatch.setattr(record_bookings, "_STATEMENT", statement.replace("w.place <= s.quota AND ", ""))

    assert "a quota of" in finds(run)


def test_an_undo_that_also_frees_the_place_is_found(run, monkeypatch) -> None:
    restore = people.restore

    def restores_and_frees(*, reference, **rest):
        facts = restore(reference=reference, **rest)
        row = Appointment.objects.get(reference=reference)
        with suppress(GateDown):
            admission.release(row.slot_id, row.claim)
        return facts

    monkeypatch.setattr(people, "restore", restores_and_frees)

    assert "the gate has" in finds(run)


def test_a_move_that_keeps_the_place_it_left_is_found(run, monkeypatch) -> None:
    monkeypatch.setattr(record_moves, "_free", lambda left, mover, *, now: None)

    # The gate still has it as taken, or whoever waits for it is not asked: what comes first.
    assert finds(run)


def test_a_request_key_that_is_good_for_anything_is_found(run, monkeypatch) -> None:
    def earlier_try(request):
        before = explain.answered_before(request.account_id, request.request_key)
        return None if before is None else explain.Explained(earlier=before[0], claim=before[2])

    monkeypatch.setattr(explain, "earlier_try", earlier_try)

    assert "answered 'ok'" in finds(run)
