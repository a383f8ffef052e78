"""What happens to a slot while a crowd is booking it: quota changes, an emptied gate, deaths in between."""

import functools
import random
import threading

import pytest

from booking import admission
from booking.admission.connection import connection as gate_connection
from booking.models import Appointment, Slot
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.freed_places.release_places import release_places
from booking.operations.move import move
from booking.operations.quotas.set_quota import set_quota
from booking.operations.reconcile import reconcile
from booking.operations.refusals import Busy, QuotaBelowTaken, Refusal, SlotFull
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import make_patients, make_programme, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def acts(patients, slot, now, key="rush"):
    return [
        functools.partial(
            book, account_id=p.user_id, patient_id=p.pk, slot_id=slot.pk, request_key=f"{key}-{n:05}", now=now
        )
        for n, p in enumerate(patients)
    ]


def booked_of(results):
    return [result for result in results if hasattr(result, "reference")]


def test_a_quota_cut_and_raised_while_they_book_never_sells_one_too_many(now):
    slot = make_slot(quota=60)
    violations = []

    def change():
        for quota in (30, 60, 40, 80, 50):
            try:
                set_quota(slot_id=slot.pk, quota=quota, by=None, now=now)
            except QuotaBelowTaken:
                continue
            taken, allowed = Appointment.objects.holding_a_place().count(), Slot.objects.get(pk=slot.pk).quota
            if taken > allowed:
                violations.append((taken, allowed))

    results = all_at_once([change, *acts(make_patients(200), slot, now)], threads=24)

    booked = booked_of(results)
    assert violations == []
    assert len(booked) == Appointment.objects.holding_a_place().count() <= Slot.objects.get(pk=slot.pk).quota
    reconcile(now=now)
    assert audit(now=now).is_clean


def test_lowering_a_quota_gives_high_numbers_a_lower_one_and_loses_nobody(now):
    slot = make_slot(quota=100)
    results = all_at_once(acts(make_patients(10), slot, now), threads=4)

    set_quota(slot_id=slot.pk, quota=10, by=None, now=now)

    assert {result.reference for result in results} == set(Appointment.objects.values_list("reference", flat=True))
    assert sorted(Appointment.objects.values_list("place", flat=True)) == list(range(1, 11))
    assert audit(now=now).is_clean
    with pytest.raises(QuotaBelowTaken) as refused:
        set_quota(slot_id=slot.pk, quota=9, by=None, now=now)
    assert refused.value.facts == {"taken": 10}


def test_a_gate_emptied_again_and_again_sells_not_one_too_many_and_the_rush_goes_on(now):
    slot = make_slot(quota=80)
    emptied = threading.Event()

    def empty():
        for _ in range(6):
            gate_connection().client.flushall()
            emptied.wait(0.05)

    results = all_at_once([empty, *acts(make_patients(300), slot, now)], threads=24)

    unexpected = [r for r in results[1:] if not hasattr(r, "reference") and not isinstance(r, (SlotFull, Busy))]
    assert unexpected == []
    assert Appointment.objects.count() == len(booked_of(results)) <= 80
    # Who was told to come back comes back: then every place finds somebody.
    all_at_once(acts(make_patients(100), slot, now, key="again"), threads=8)
    reconcile(now=now)
    assert Appointment.objects.count() == 80
    assert audit(now=now).is_clean


def test_a_caller_that_dies_between_gate_and_ledger_leaves_a_place_that_comes_back(now):
    slot = make_slot(quota=1)
    load_slot(slot.pk, now=now)
    admission.admit(slot.pk, "died-here", lease=0.05)
    assert admission.places_left([slot.pk]) == {slot.pk: 0}
    assert audit(now=now).is_clean  # a hold that is still running is no drift

    threading.Event().wait(0.1)
    assert not audit(now=now).is_clean
    assert reconcile(now=now).repaired == [slot.pk]

    assert admission.places_left([slot.pk]) == {slot.pk: 1}
    assert audit(now=now).is_clean


def test_moves_in_opposite_directions_keep_everybody_in_exactly_one_place(now):
    programme = make_programme()
    slots = [make_slot(programme=programme, quota=12), make_slot(programme=programme, quota=12)]
    patients = make_patients(20)
    for position, patient in enumerate(patients):
        acts([patient], slots[position % 2], now, key=f"p{position}")[0]()
    rows = list(Appointment.objects.order_by("pk"))

    results = all_at_once(
        [
            functools.partial(
                move,
                account_id=row.booked_by_id,
                reference=row.reference,
                slot_id=slots[(position + 1) % 2].pk,
                request_key=f"move-{position}",
                now=now,
            )
            for position, row in enumerate(rows)
        ],
        threads=10,
    )

    assert [r for r in results if not hasattr(r, "reference") and not isinstance(r, Refusal)] == []
    assert Appointment.objects.holding_a_place().count() == 20
    reconcile(now=now)
    assert audit(now=now).is_clean


def test_a_storm_of_bookings_cancellations_and_quota_changes_keeps_every_promise(now):
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    programme = make_programme()
    slots = [make_slot(programme=programme, quota=8) for _ in range(3)]
    patients = make_patients(40)

    def one_citizen(number, patient):
        for turn in range(3):
            slot = chance.choice(slots)
            try:
                done = acts([patient], slot, now, key=f"storm-{number}-{turn}")[0]()
                if chance.random() < 0.4:
                    cancel(account_id=patient.user_id, reference=done.reference, now=now)
            except Refusal:
                continue

    def administrator():
        for _ in range(10):
            try:
                set_quota(slot_id=chance.choice(slots).pk, quota=chance.randint(2, 12), by=None, now=now)
            except QuotaBelowTaken:
                continue

    crowd = [functools.partial(one_citizen, n, p) for n, p in enumerate(patients)]
    results = all_at_once([*crowd, administrator], threads=16)

    assert [r for r in results if r is not None] == [], f"seed {seed}"
    release_places(now=now.replace(hour=12))
    reconcile(now=now)
    found = audit(now=now)
    assert found.is_clean, f"seed {seed}: {found.lines()}"


def test_moving_and_cancelling_the_same_appointment_at_once_ends_one_way_or_the_other(now):
    programme = make_programme()
    old, new = make_slot(programme=programme, quota=30), make_slot(programme=programme, quota=30)
    rows = [act() for act in acts(make_patients(30), old, now)]
    whose = dict(Appointment.objects.values_list("reference", "booked_by_id"))

    crowd = []
    for row in rows:
        who = {"account_id": whose[row.reference], "reference": row.reference, "now": now}
        crowd.append(functools.partial(move, slot_id=new.pk, request_key="move-0001", **who))
        crowd.append(functools.partial(cancel, **who))
    results = all_at_once(crowd, threads=16)

    # Whoever waited for the other finds the appointment where it is now.
    assert [r for r in results if not hasattr(r, "reference") and not isinstance(r, Refusal)] == []
    assert set(Appointment.objects.values_list("status", flat=True)) == {"CANCELLED"}
    reconcile(now=now)
    assert audit(now=now).is_clean
