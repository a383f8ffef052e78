"""A comparison of gate and ledger in the middle of a rush tells no drift where there is none."""

import functools
import threading

import pytest

from booking.models import Appointment
from booking.operations.book import book
from booking.operations.reconcile import reconcile
from booking.queries import drift
from tests.factories import make_patients, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def compared_meanwhile(slot, patients, now) -> list[int]:
    """What each comparison found while all of them book."""
    found, over = [], threading.Event()

    def compare():
        while not over.is_set():
            found.append(reconcile(now=now, slot_ids=[slot.pk]).counts.drift)

    def rush():
        acts = [
            functools.partial(
                book, account_id=p.user_id, patient_id=p.pk, slot_id=slot.pk, request_key=f"rush-{n:05}", now=now
            )
            for n, p in enumerate(patients)
        ]
        results = all_at_once(acts, threads=16)
        over.set()
        return results

    rushed, _compared = all_at_once([rush, compare], threads=2)
    assert [one for one in rushed if isinstance(one, Exception)] == []
    return found


def test_bookings_under_way_are_no_drift(now):
    slot, patients = make_slot(quota=300), make_patients(200)

    found = compared_meanwhile(slot, patients, now)

    assert len(found) > 1
    assert set(found) == {0}
    assert Appointment.objects.count() == 200


def test_twin_without_regard_for_holds_and_a_second_look_a_rush_looks_like_drift(now, monkeypatch):
    monkeypatch.setattr(
        "booking.operations.reconcile.places_off",
        lambda ledger, gate: abs(gate.settled - ledger.taken) + abs(gate.free - (ledger.quota - ledger.taken)),
    )
    monkeypatch.setattr("booking.operations.reconcile.min", max, raising=False)
    slot, patients = make_slot(quota=300), make_patients(200)

    assert max(compared_meanwhile(slot, patients, now)) > 0
    assert drift.oversold() == []
