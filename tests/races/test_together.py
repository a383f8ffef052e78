"""Families in a rush: all or none for each, one effect for a key, and what guards both."""

import functools
import hashlib
import random
import threading
from datetime import timedelta

import pytest

from booking import admission
from booking.models import Appointment, AppointmentEvent
from booking.operations import book_together as operation
from booking.operations import write_together
from booking.operations.book_together import book_together
from booking.operations.cancel import cancel, restore
from booking.operations.freed_places.release_places import release_places
from booking.operations.hold_together import hold_together
from booking.operations.move import move
from booking.operations.reconcile import reconcile
from booking.operations.refusals import AlreadyBooked, Refusal, SlotFull
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import make_citizen, make_family, make_patient, make_programme, make_slot, make_two_dose_programme
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def act(wishes, now, key="family-0001", **more):
    pairs = [(patient.pk, slot.pk) for patient, slot in wishes]
    return functools.partial(
        book_together, account_id=wishes[0][0].user_id, wishes=pairs, request_key=key, now=now, **more
    )


def visit(family, slot):
    return [(patient, slot) for patient in family]


def booked_of(results):
    return [result for result in results if isinstance(result, tuple)]


@pytest.mark.parametrize("places", [2, 3])
def test_two_families_of_two_where_only_one_finds_room_all_or_none_for_both(now, places):
    for round_number in range(10):
        slot, families = make_slot(quota=places), [make_family(2), make_family(2)]

        results = all_at_once([act(visit(family, slot), now) for family in families], threads=2)

        assert len(booked_of(results)) == 1, f"round {round_number}: {results}"
        assert [type(r) for r in results if isinstance(r, Exception)] == [SlotFull]
        assert Appointment.objects.filter(slot=slot).count() == 2
        assert admission.places_left([slot.pk]) == {slot.pk: places - 2}
    assert audit(now=now).is_clean


def test_twin_asked_place_by_place_two_families_refuse_each_other(now):
    """Were each place asked for by itself, both could take one of the last two: both are told full, for nothing."""
    slot = make_slot(quota=2)
    load_slot(slot.pk, now=now)
    for family in ("first", "second"):
        admission.admit(slot.pk, f"{family}-a", lease=30)

    assert [admission.admit(slot.pk, f"{family}-b", lease=30).place for family in ("first", "second")] == [None, None]


def test_a_family_too_large_for_what_is_left_never_takes_it_from_those_who_come_alone(now):
    slot, alone = make_slot(quota=3), make_family(1)[0]
    load_slot(slot.pk, now=now)
    families = [act(visit(make_family(4), slot), now) for _ in range(12)]

    results = all_at_once([*families, act([(alone, slot)], now)], threads=13)

    assert len(booked_of(results)) == 1
    assert results[-1][0].patient_id == alone.pk


def test_thirty_families_in_a_rush_fill_the_slot_in_whole_families(now):
    slot, families = make_slot(quota=20), [make_family(3) for _ in range(30)]

    results = all_at_once([act(visit(family, slot), now) for family in families], threads=16)

    unexpected = [r for r in results if isinstance(r, Exception) and not isinstance(r, SlotFull)]
    assert unexpected == []
    assert Appointment.objects.count() == 3 * len(booked_of(results)) <= 18
    for family in families:
        assert Appointment.objects.filter(patient__in=family).count() in (0, 3)
    # Whoever was told to come back comes back one after the other: there is room for six families, and for no more.
    for family in families:
        try:
            act(visit(family, slot), now)()
        except SlotFull:
            continue
    assert Appointment.objects.count() == 18
    assert admission.places_left([slot.pk]) == {slot.pk: 2}
    assert audit(now=now).is_clean


def test_the_same_request_twenty_times_at_once_is_one_visit_and_twenty_equal_answers(now):
    slot, family = make_slot(quota=3), make_family(3)

    results = all_at_once([act(visit(family, slot), now)] * 20, threads=20)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert len({tuple(facts.reference for facts in result) for result in results}) == 1
    assert Appointment.objects.count() == AppointmentEvent.objects.count() == 3
    assert admission.places_left([slot.pk]) == {slot.pk: 0}
    assert audit(now=now).is_clean


def test_the_same_held_request_twenty_times_at_once_too(now):
    programme, patient = make_two_dose_programme(), make_patient()
    slots = [make_slot(programme=programme, quota=1, starts_at=now + timedelta(days=days)) for days in (3, 31)]
    wishes = [(patient, slot) for slot in slots]
    held = hold_together(account_id=patient.user_id, wishes=[(p.pk, s.pk) for p, s in wishes], now=now)

    results = all_at_once([act(wishes, now, holds=[one.token for one in held])] * 20, threads=20)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert len({tuple(facts.reference for facts in result) for result in results}) == 1
    assert audit(now=now).is_clean


def test_twin_without_a_key_for_each_place_the_repeat_is_told_that_somebody_else_was_quicker(now, monkeypatch):
    """Were the places' keys not the same for every repeat, the repeat would not know its own appointments."""
    slot, family = make_slot(quota=20), make_family(2)
    monkeypatch.setattr(
        operation,
        "keys_for",
        lambda key, places: [hashlib.sha256(random.randbytes(8)).hexdigest() for _ in range(places)],
    )

    results = all_at_once([act(visit(family, slot), now)] * 6, threads=6)

    assert len(booked_of(results)) == 1
    assert {type(result) for result in results if isinstance(result, Exception)} == {AlreadyBooked}


def test_two_accounts_that_book_overlapping_people_at_once_one_gets_all_the_other_none(now):
    for round_number in range(10):
        programme = make_programme()
        slots = [make_slot(programme=programme), make_slot(programme=programme)]
        mother = make_family(3)
        father_account = make_citizen()
        father = [make_patient(father_account, person=patient.person) for patient in reversed(mother[1:])]
        father.append(make_patient(father_account))

        results = all_at_once([act(visit(mother, slots[0]), now), act(visit(father, slots[1]), now)], threads=2)

        assert len(booked_of(results)) == 1, f"round {round_number}: {results}"
        assert [type(r) for r in results if isinstance(r, Exception)] == [AlreadyBooked]
        assert Appointment.objects.filter(programme=programme).count() == 3
        assert sum(admission.places_left([slot.pk for slot in slots]).values()) == 17
    assert audit(now=now).is_clean


def test_twin_without_the_transaction_half_a_visit_is_booked(now, monkeypatch):
    """The same refusal with each place as a commit of its own: the family is torn apart."""
    programme, family = make_programme(), make_family(2)
    slot, other = make_slot(programme=programme), make_slot(programme=programme)
    act([(family[1], other)], now, key="alone-0001")()

    monkeypatch.setattr(write_together.transaction, "atomic", no_transaction)
    with pytest.raises(Refusal):
        act(visit(family, slot), now)()

    assert list(Appointment.objects.filter(slot=slot).values_list("patient_id", flat=True)) == [family[0].pk]


class no_transaction:
    """Stands in for transaction.atomic: every statement commits by itself."""

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False


def test_a_family_that_dies_between_gate_and_ledger_leaves_places_that_come_back(now, monkeypatch, settings):
    slot, family = make_slot(quota=2), make_family(2)
    monkeypatch.setitem(settings.GATE, "lease", 0.05)

    def dies(*args, **more):
        raise SystemExit

    monkeypatch.setattr(operation, "write_all", dies)
    with pytest.raises(SystemExit):
        act(visit(family, slot), now)()
    monkeypatch.undo()
    assert admission.places_left([slot.pk]) == {slot.pk: 0}

    threading.Event().wait(0.1)
    assert reconcile(now=now).repaired == [slot.pk]

    assert admission.places_left([slot.pk]) == {slot.pk: 2}
    assert len(act(visit(family, slot), now)()) == 2
    assert audit(now=now).is_clean


def test_a_storm_of_visits_series_moves_and_cancellations_keeps_every_promise(now):
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    one_dose, series = make_programme(), make_two_dose_programme(days=28)
    visits = [make_slot(programme=one_dose, quota=6) for _ in range(3)]
    firsts = [make_slot(programme=series, quota=5, starts_at=now + timedelta(days=3 + n)) for n in range(3)]
    seconds = [
        make_slot(site=firsts[0].site, programme=series, quota=5, starts_at=now + timedelta(days=31 + n))
        for n in range(8)
    ]
    families = [make_family(chance.randint(1, 3)) for _ in range(24)]

    def one_family(number, family):
        account_id, mine = family[0].user_id, []
        for turn in range(4):
            deed = chance.choice(["visit", "series", "move", "cancel", "restore"])
            try:
                if deed == "visit":
                    mine += act(visit(family, chance.choice(visits)), now, key=f"storm-{number}-{turn}")()
                elif deed == "series":
                    pair = [(family[0], chance.choice(firsts)), (family[0], chance.choice(seconds))]
                    mine += act(pair, now, key=f"storm-{number}-{turn}")()
                elif mine and deed == "move":
                    moved = chance.choice(mine)
                    slots = visits if moved.programme_code == one_dose.code else firsts + seconds
                    move(
                        account_id=account_id,
                        reference=moved.reference,
                        slot_id=chance.choice(slots).pk,
                        request_key=f"m-{turn}",
                        now=now,
                    )
                elif mine:
                    changed = chance.choice(mine)
                    deeds = {"cancel": cancel, "restore": restore}
                    deeds.get(deed, cancel)(account_id=account_id, reference=changed.reference, now=now)
            except Refusal:
                continue

    results = all_at_once([functools.partial(one_family, n, family) for n, family in enumerate(families)], threads=12)

    assert [r for r in results if r is not None] == [], f"seed {seed}"
    for family in families:
        rows = list(Appointment.objects.live().filter(patient=family[0], programme=series).order_by("dose"))
        days = [row.slot.starts_at.astimezone(now.tzinfo).date() for row in rows]
        assert [row.dose for row in rows] in ([], [1], [1, 2]), f"seed {seed}"
        assert len(days) < 2 or days[1] >= days[0] + timedelta(days=28), f"seed {seed}: {days}"
        keys = Appointment.objects.filter(patient__in=family, programme=one_dose).values_list(
            "request_digest", flat=True
        )
        assert len(keys) % len(family) == 0, f"seed {seed}: half a visit"
    release_places(now=now.replace(hour=12))
    reconcile(now=now)
    found = audit(now=now)
    assert found.is_clean, f"seed {seed}: {found.lines()}"
