"""The calendar's saves while a crowd books: a quota cut to what is taken, and raised again, fifty times."""

import threading
import time

import pytest
from django.db import connection

from booking.models import Appointment, Slot, SlotEvent
from booking.operations.book import book
from booking.operations.quotas import each_cell, write_slot
from booking.operations.quotas.each_cell import BelowTaken, Changed, Unchanged
from booking.operations.quotas.set_cells import CellChange, set_cells
from booking.operations.reconcile import reconcile
from booking.operations.refusals import Busy, Refusal, SlotFull
from booking.queries.audit import audit
from booking.queries.drift import oversold
from tests.factories import make_patients, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def save(slot, quota, now):
    seen = max(SlotEvent.objects.filter(slot=slot).values_list("pk", flat=True), default=0)
    return set_cells(wanted=[CellChange(slot.pk, seen, quota=quota)], by=None, now=now)[0]


def test_a_quota_cut_to_what_is_taken_and_raised_again_fifty_times_never_sells_one_too_many(now):
    slot = make_slot(quota=20)
    finished = threading.Event()
    outcomes, violations = [], []

    def administrator():
        try:
            for turn in range(50):
                taken = Appointment.objects.holding_a_place().count()
                outcomes.append(save(slot, taken, now))
                violations.extend(oversold())
                outcomes.append(save(slot, taken + 1 + turn % 7, now))
                violations.extend(oversold())
        finally:
            finished.set()

    def citizen(patient, number):
        def persist():
            turn = 0
            while True:
                # Once nobody changes the quota any more, a last try decides.
                is_last, turn = finished.is_set(), turn + 1
                try:
                    return book(
                        account_id=patient.user_id,
                        patient_id=patient.pk,
                        slot_id=slot.pk,
                        request_key=f"rush-{number}-{turn}",
                        now=now,
                    )
                except (SlotFull, Busy):
                    if is_last:
                        return None
                    time.sleep(0.01)

        return persist

    crowd = [citizen(patient, number) for number, patient in enumerate(make_patients(60))]
    results = all_at_once([administrator, *crowd], threads=len(crowd) + 1)

    assert violations == []
    assert [result for result in results if isinstance(result, Exception)] == []
    assert [outcome for outcome in outcomes if not isinstance(outcome, Changed | Unchanged | BelowTaken)] == []
    booked = {result.reference for result in results[1:] if result}
    assert booked == {*Appointment.objects.holding_a_place().values_list("reference", flat=True)}
    assert len(booked) <= Slot.objects.get(pk=slot.pk).quota
    reconcile(now=now)
    found = audit(now=now)
    assert found.is_clean, found.lines()


class a_booking_between_count_and_cut:
    """Somebody books the third place just after the two that are taken were counted, and before the quota is cut."""

    def __init__(self, slot, patient, now, monkeypatch, *, seconds):
        self.result = None
        self.booked = threading.Event()
        count = write_slot._renumber

        def count_then_let_in(*args, **more):
            counted = count(*args, **more)
            self.thread.start()
            # A guarded cut makes the booking wait, so the cut does not wait for it.
            self.booked.wait(seconds)
            return counted

        def late_citizen():
            try:
                self.result = book(
                    account_id=patient.user_id,
                    patient_id=patient.pk,
                    slot_id=slot.pk,
                    request_key="late-citizen",
                    now=now,
                )
            except Refusal as refusal:
                self.result = refusal
            finally:
                self.booked.set()
                connection.close()

        self.thread = threading.Thread(target=late_citizen)
        monkeypatch.setattr(write_slot, "_renumber", count_then_let_in)

    def over(self):
        self.thread.join(10)
        return self.result


def two_of_ten_are_taken(now):
    # They have the numbers 1 and 2, so that whoever comes later gets one above the cut.
    slot = make_slot(quota=2)
    *early, late = make_patients(3)
    for n, one in enumerate(early):
        book(account_id=one.user_id, patient_id=one.pk, slot_id=slot.pk, request_key=f"early-{n:05}", now=now)
    save(slot, 10, now)
    return slot, late


def test_a_booking_that_comes_between_count_and_cut_waits_and_is_refused(now, monkeypatch):
    slot, late = two_of_ten_are_taken(now)
    between = a_booking_between_count_and_cut(slot, late, now, monkeypatch, seconds=1)

    outcome = save(slot, 2, now)

    assert isinstance(outcome, Changed)
    assert isinstance(between.over(), SlotFull)
    assert oversold() == []
    reconcile(now=now)
    assert audit(now=now).is_clean


def test_twin_without_the_lock_on_the_slot_the_same_booking_is_one_too_many(now, monkeypatch):
    slot, late = two_of_ten_are_taken(now)
    between = a_booking_between_count_and_cut(slot, late, now, monkeypatch, seconds=20)
    monkeypatch.setattr(each_cell, "lock", lambda slot_id: Slot.objects.get(pk=slot_id))

    save(slot, 2, now)

    assert hasattr(between.over(), "reference")
    assert oversold() == [(slot.pk, 2, 3)]
