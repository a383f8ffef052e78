"""First doses rush a slot, and second doses still get their share."""

import functools
import threading

import pytest

from booking.models import Appointment, Slot
from booking.operations.book import book
from booking.operations.later_doses import book_kept as module
from booking.operations.refusals import Busy, SlotFull
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import make_patients
from tests.races.crowd import all_at_once
from tests.series_factories import make_first_dose, make_keeping_slot

pytestmark = pytest.mark.django_db(transaction=True)


def citizen(patient, slot, key, now):
    """Somebody who is told that it is busy tries again with the same key, as they are asked to."""
    for _ in range(20):
        try:
            return book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=now)
        except Busy:
            continue
    raise Busy()


def rush(slot, now):
    """Ninety people for their first dose are there before ten come for their second."""
    load_slot(slot.pk, now=now)
    due = [make_first_dose(slot.programme) for _ in range(10)]
    acts = [functools.partial(citizen, p, slot, f"first-{n:05}", now) for n, p in enumerate(make_patients(90))]
    acts += [functools.partial(citizen, p, slot, f"second-{n:05}", now) for n, p in enumerate(due)]
    results = all_at_once(acts)
    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, SlotFull)] == []
    taken = Appointment.objects.filter(slot=slot)
    return taken.filter(dose=1).count(), taken.filter(dose=2).count()


def test_ninety_first_doses_leave_the_ten_second_doses_their_places(now):
    slot = make_keeping_slot(quota=20, kept=10)

    first, second = rush(slot, now)

    assert second == 10
    # A second dose that was quick has an ordinary place, and its kept one stays kept.
    slot.refresh_from_db()
    assert first + second == slot.quota
    assert first <= 20
    found = audit(now=now)
    assert found.is_clean, found.lines()


def test_twin_without_the_kept_share_second_doses_come_away_empty_handed(now):
    slot = make_keeping_slot(quota=30, kept=0)

    first, second = rush(slot, now)

    assert first + second == 30
    assert second < 10


def test_of_twenty_second_doses_who_want_the_three_kept_places_three_get_one(now):
    slot = make_keeping_slot(quota=0, kept=3)
    load_slot(slot.pk, now=now)
    due = [make_first_dose(slot.programme) for _ in range(20)]

    results = all_at_once([functools.partial(citizen, p, slot, f"second-{n:05}", now) for n, p in enumerate(due)])

    assert sum(isinstance(r, SlotFull) for r in results) == 17
    assert sorted(Appointment.objects.filter(slot=slot).values_list("place", flat=True)) == [1, 2, 3]
    assert audit(now=now).is_clean


def two_in_one_moment(now):
    slot = make_keeping_slot(quota=0, kept=3)
    load_slot(slot.pk, now=now)
    due = [make_first_dose(slot.programme) for _ in range(2)]
    results = all_at_once([functools.partial(once, p, slot, f"second-{n:05}", now) for n, p in enumerate(due)])
    return sorted(type(result).__name__ for result in results)


def once(patient, slot, key, now):
    return book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=now)


def test_two_in_one_moment_get_two_of_three_kept_places(now):
    assert two_in_one_moment(now) == ["AppointmentFacts", "AppointmentFacts"]


def test_twin_without_the_lock_on_the_slot_both_take_one_number_and_the_ledger_refuses_one(now, monkeypatch):
    both = threading.Barrier(2, timeout=20)

    def read_without_lock(slot_id):
        slot = Slot.objects.get(pk=slot_id)
        both.wait()
        return slot

    monkeypatch.setattr(module, "lock", read_without_lock)

    assert two_in_one_moment(now) == ["AppointmentFacts", "Busy"]
