"""Places outside the quota are given while a crowd books the same slot: nobody's number is anybody else's."""

import functools
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from booking import admission
from booking.models import Appointment, Slot, WalkInSource
from booking.operations.book import book
from booking.operations.refusals import Busy, SlotFull
from booking.operations.walk_ins import extra_place as module
from booking.operations.walk_ins.extra_place import extra_place
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import make_patient, make_patients, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def written(patient, given, key, now):
    return Appointment.objects.create(
        reference=key.rjust(12, "0")[-12:],
        slot=given.slot,
        place=given.place,
        patient=patient,
        person=patient.person,
        programme=given.slot.programme,
        dose=1,
        booked_by_id=patient.user_id,
        booked_at=now,
        request_key=key,
        request_digest="-",
        claim=given.claim,
    )


def walk_in(patient, slot, key, now, source=WalkInSource.KEPT):
    with transaction.atomic():
        return written(patient, extra_place(slot.pk, key, source, by=None, now=now), key, now)


def citizen(patient, slot, key, now):
    return book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=now)


def kept(slot, count):
    Slot.objects.filter(pk=slot.pk).update(kept_walk_in=count)


def test_twenty_walk_ins_and_eighty_citizens_get_fifty_numbers_none_of_them_twice(now):
    slot = make_slot(quota=30)
    kept(slot, 20)
    load_slot(slot.pk, now=now)
    walkers, citizens = make_patients(20), make_patients(80)
    acts = [functools.partial(walk_in, p, slot, f"walk-{n:05}", now) for n, p in enumerate(walkers)]
    acts += [functools.partial(citizen, p, slot, f"rush-{n:05}", now) for n, p in enumerate(citizens)]

    results = all_at_once(sorted(acts, key=lambda act: act.args[2][-2:]))

    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, SlotFull | Busy)] == []
    assert Appointment.objects.filter(claim__startswith="walk-").count() == 20
    assert sorted(Appointment.objects.values_list("place", flat=True)) == list(range(1, 51))
    slot.refresh_from_db()
    assert (slot.quota, slot.kept_walk_in) == (50, 0)
    found = audit(now=now)
    assert found.is_clean, found.lines()


def test_of_twenty_who_want_the_three_that_are_kept_three_get_one(now):
    slot = make_slot(quota=5)
    kept(slot, 3)
    acts = [functools.partial(walk_in, p, slot, f"walk-{n:05}", now) for n, p in enumerate(make_patients(20))]

    results = all_at_once(acts)

    assert [type(r).__name__ for r in results].count("SlotFull") == 17
    assert sorted(Appointment.objects.values_list("place", flat=True)) == [6, 7, 8]


class another_between_number_and_commit:
    """Somebody else is given a place of the slot after the first has their number and before that is committed."""

    def __init__(self, slot, now):
        self.result = None
        self.done = threading.Event()
        other = make_patient()

        def give():
            try:
                self.result = walk_in(other, slot, "walk-00002", now, WalkInSource.LATE)
            except IntegrityError as error:
                self.result = error
            finally:
                self.done.set()
                connection.close()

        self.thread = threading.Thread(target=give)

    def comes(self, seconds):
        self.thread.start()
        self.done.wait(seconds)

    def over(self):
        self.thread.join(20)
        return self.result


def two_in_one_moment(now):
    slot, first = make_slot(quota=5), make_patient()
    other = another_between_number_and_commit(slot, now)
    with transaction.atomic():
        given = extra_place(slot.pk, "walk-00001", WalkInSource.LATE, by=None, now=now)
        other.comes(0.5)
        written(first, given, "walk-00001", now)
    return other.over()


def test_the_second_of_two_in_one_moment_waits_and_gets_the_next_number(now):
    second = two_in_one_moment(now)

    assert second.place == 7


def test_twin_without_the_lock_on_the_slot_both_get_one_number_and_the_ledger_refuses_one(now, monkeypatch):
    monkeypatch.setattr(module, "lock", lambda slot_id: Slot.objects.get(pk=slot_id))

    # The save of the slot still makes the second wait; but it has read the quota before, so its number is the first's.
    second = two_in_one_moment(now)

    assert isinstance(second, IntegrityError)
    assert "one_appointment_per_place" in str(second)


def the_gate_is_told(slot, patient, now, monkeypatch):
    """A citizen asks for the last number that the gate has, just after it heard of the higher quota."""
    load_slot(slot.pk, now=now)
    tried, push = [], admission.set_quota

    def push_then_let_in(slot_id, quota):
        push(slot_id, quota)
        if not tried:
            tried.append(admission.admit(slot_id, "a-citizen", lease=5).verdict.name)

    monkeypatch.setattr(admission, "set_quota", push_then_let_in)
    walk_in(patient, slot, "walk-00001", now, WalkInSource.LATE)
    return tried


def test_a_full_slot_stays_full_at_the_gate_while_its_quota_goes_up(now, monkeypatch):
    slot = make_slot(quota=0)

    assert the_gate_is_told(slot, make_patient(), now, monkeypatch) == ["FULL"]


def test_twin_told_of_the_quota_first_the_gate_hands_the_number_out_and_the_ledger_holds(now, monkeypatch):
    slot, late = make_slot(quota=0), make_patient()
    monkeypatch.setattr(admission, "settle_many", lambda settled: None)

    assert the_gate_is_told(slot, make_patient(), now, monkeypatch) == ["NEW"]
    monkeypatch.undo()

    # Whoever books with that number is refused by the ledger, and the gate is put right.
    admission.drop_hold(slot.pk, "a-citizen")
    with pytest.raises(SlotFull):
        citizen(late, slot, "late-00001", now)
    assert Appointment.objects.count() == 1
    assert audit(now=now).is_clean
