"""A slot that is not released cannot be booked by any operation, whatever the gate says; and what guards it."""

import functools
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from booking.admission.connection import connection as gate_connection
from booking.admission.keys import slot_keys
from booking.models import Appointment, Slot
from booking.models.statements import MOMENT
from booking.operations import record_bookings, record_moves
from booking.operations.book import book
from booking.operations.book_together import book_together
from booking.operations.hold import hold
from booking.operations.hold_together import hold_together
from booking.operations.move import move
from booking.operations.refusals import Busy, HoldExpired, NotOpen, Refusal, SlotFull
from booking.queries.load_gate import load_slot
from tests.factories import make_family, make_patient, make_programme, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    """The gate and the ledger have clocks of their own, so the tests use the same one."""
    return timezone.now()


def knows(slot, now):
    load_slot(slot.pk, now=now)


def is_empty(slot, now):
    pass


def is_wrong(slot, now):
    """The gate believes that the slot is open."""
    load_slot(slot.pk, now=now)
    gate_connection().client.hset(slot_keys(slot.pk)[0], "opens", 0)


def is_down(slot, now):
    gate_connection().breaker.failed()
    gate_connection().breaker._open_until += 60


GATES = [knows, is_empty, is_wrong, is_down]


@pytest.fixture(autouse=True)
def the_gate_comes_back():
    yield
    gate_connection().breaker.worked()


def make_unreleased(now, programme=None, minutes=1):
    return make_slot(programme=programme, starts_at=now + timedelta(days=3), opens_at=now + timedelta(minutes=minutes))


def book_it(slot, now, **more):
    patient = make_patient()
    return functools.partial(
        book,
        account_id=patient.user_id,
        patient_id=patient.pk,
        slot_id=slot.pk,
        request_key="key-00001",
        now=now,
        **more,
    )


def book_family(slot, now):
    family = make_family(2)
    wishes = [(patient.pk, slot.pk) for patient in family]
    return functools.partial(
        book_together, account_id=family[0].user_id, wishes=wishes, request_key="key-00001", now=now
    )


def move_there(slot, now):
    patient, old = make_patient(), make_slot(programme=slot.programme, starts_at=now + timedelta(days=2))
    done = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=old.pk, request_key="key-00000", now=timezone.now()
    )
    return functools.partial(
        move, account_id=patient.user_id, reference=done.reference, slot_id=slot.pk, request_key="key-00001", now=now
    )


WRITERS = [book_it, book_family, move_there]


@pytest.mark.parametrize("fast", [0, 2], ids=["", "clock two minutes fast"])
@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("door", WRITERS)
def test_it_is_refused_and_nothing_is_taken(now, door, gate, fast):
    slot = make_unreleased(now)
    act = door(slot, now + timedelta(minutes=fast))
    gate(slot, now)

    with pytest.raises(NotOpen):
        act()

    gate_connection().breaker.worked()
    assert not Appointment.objects.filter(slot=slot).exists()
    assert gate_connection().client.hlen(slot_keys(slot.pk)[3]) == 0


@pytest.mark.parametrize("gate", [knows, is_empty, is_down])
def test_nothing_can_be_held_in_it(now, gate):
    slot, patient, family = make_unreleased(now), make_patient(), make_family(2)
    gate(slot, now)

    with pytest.raises((NotOpen, Busy)):
        hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now + timedelta(minutes=2))
    with pytest.raises((NotOpen, Busy)):
        hold_together(account_id=family[0].user_id, wishes=[(one.pk, slot.pk) for one in family], now=now)


@pytest.mark.parametrize("gate", [knows, is_wrong, is_down])
def test_a_place_held_before_its_release_was_put_off_is_no_way_in(now, gate):
    slot = make_slot(starts_at=now + timedelta(days=3), opens_at=now - timedelta(hours=1))
    patient = make_patient()
    held = hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)
    Slot.objects.filter(pk=slot.pk).update(opens_at=now + timedelta(minutes=1))
    if gate is not knows:
        gate(slot, now)

    with pytest.raises((NotOpen, HoldExpired)):
        book(
            account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="key-00001", now=now,
            hold_claim=held.claim,
        )  # fmt: skip

    assert not Appointment.objects.exists()


def without_the_ledgers_guard(monkeypatch):
    statement = record_bookings._STATEMENT
    guard = f"AND s.opens_at <= {MOMENT}"
    assert guard in statement
    monkeypatch.setattr(record_bookings, "_STATEMENT", statement.replace(guard, ""))
    monkeypatch.setattr(record_moves, "_refuse_closed", lambda *args, **kwargs: None)


@pytest.mark.parametrize("door", WRITERS)
def test_twin_without_the_ledgers_guard_the_gate_alone_holds(now, door, monkeypatch):
    slot = make_unreleased(now)
    act = door(slot, now + timedelta(minutes=2))
    without_the_ledgers_guard(monkeypatch)

    with pytest.raises(NotOpen):
        act()


@pytest.mark.parametrize("door", WRITERS)
def test_twin_without_either_it_is_booked_before_its_time(now, door, monkeypatch):
    slot = make_unreleased(now)
    act = door(slot, now)
    is_wrong(slot, now)
    without_the_ledgers_guard(monkeypatch)

    act()

    assert Appointment.objects.filter(slot=slot).exists()


# --- Places that are kept back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("gate", [knows, is_empty, "too wide", is_down])
@pytest.mark.parametrize("kept", ["kept_walk_in", "kept_community", "kept_later"])
def test_places_kept_back_can_be_booked_by_nobody(now, kept, gate):
    slot = make_slot(quota=2, programme=make_programme(), starts_at=now + timedelta(days=3))
    Slot.objects.filter(pk=slot.pk).update(**{kept: 5})
    for _ in range(2):
        book_it(slot, now)()
    acts = [door(slot, now) for door in WRITERS]
    if gate == "too wide":
        load_slot(slot.pk, now=now)
        gate_connection().client.sadd(slot_keys(slot.pk)[2], *range(3, 8))
    else:
        gate(slot, now)

    for act in acts:
        with pytest.raises(Refusal) as refused:
            act()
        assert isinstance(refused.value, SlotFull | Busy)

    assert Appointment.objects.filter(slot=slot).count() == 2
