"""Who is due for a later dose gets a place that their full slot keeps for it; a first dose never does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking import admission
from booking.models import Appointment, SlotEvent, SlotEventKind
from booking.operations.book import book
from booking.operations.hold import drop, hold
from booking.operations.hold_together import extend, hold_together
from booking.operations.refusals import SlotClosed, SlotFull
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import make_patient
from tests.series_factories import make_first_dose, make_keeping_slot

pytestmark = pytest.mark.django_db(transaction=True)


def try_to_book(patient, slot, now, key="request-1", **fields):
    return book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=now, **fields)


def held_by(patient, slot, now):
    return hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)


def numbers(slot):
    slot.refresh_from_db()
    return slot.quota, slot.kept_doses


@pytest.fixture
def full(now):
    """A slot without a place for anybody, but two for second doses."""
    slot = make_keeping_slot(quota=1, kept=2)
    try_to_book(make_patient(), slot, now, "somebody")
    return slot


def test_a_second_dose_gets_a_kept_place_when_the_quota_is_full(full, now):
    booked = try_to_book(make_first_dose(full.programme), full, now)

    assert booked.dose == 2
    assert numbers(full) == (2, 1)
    assert Appointment.objects.get(reference=booked.reference).place == 2
    event = SlotEvent.objects.get(slot=full, kind=SlotEventKind.LATER_DOSE)
    assert event.facts == {"from": 1, "to": 2, "doses": {"from": 2, "to": 1}}
    assert audit(now=now).is_clean


def test_it_takes_an_ordinary_place_while_there_is_one(now):
    slot = make_keeping_slot(quota=2, kept=2)

    try_to_book(make_first_dose(slot.programme), slot, now)

    assert numbers(slot) == (2, 2)


def test_a_first_dose_never_gets_one(full, now):
    patient = make_patient()

    with pytest.raises(SlotFull):
        try_to_book(patient, full, now)
    with pytest.raises(SlotFull):
        held_by(patient, full, now)
    assert numbers(full) == (1, 2)


def test_the_same_request_again_returns_the_same_appointment(full, now):
    patient = make_first_dose(full.programme)
    first = try_to_book(patient, full, now)

    assert try_to_book(patient, full, now).reference == first.reference
    assert numbers(full) == (2, 1)


def test_a_repeat_after_the_last_kept_place_is_answered_as_before(now):
    slot = make_keeping_slot(quota=0, kept=1)
    patient = make_first_dose(slot.programme)
    first = try_to_book(patient, slot, now)

    assert try_to_book(patient, slot, now).reference == first.reference


def test_none_is_left_when_all_are_given(now):
    slot = make_keeping_slot(quota=0, kept=1)
    try_to_book(make_first_dose(slot.programme), slot, now)

    with pytest.raises(SlotFull):
        try_to_book(make_first_dose(slot.programme), slot, now)
    assert numbers(slot) == (1, 0)


def test_a_closed_slot_gives_none(now):
    slot = make_keeping_slot(quota=0, kept=1)
    slot.closed_at = now
    slot.save()

    with pytest.raises(SlotClosed):
        try_to_book(make_first_dose(slot.programme), slot, now)


@pytest.mark.parametrize("way", ["hold", "hold_together"])
def test_a_kept_place_that_is_held_is_booked(full, now, way):
    patient = make_first_dose(full.programme)
    if way == "hold":
        held = held_by(patient, full, now)
    else:
        (held,) = hold_together(account_id=patient.user_id, wishes=[(patient.pk, full.pk)], now=now)

    booked = try_to_book(patient, full, now, hold_claim=held.claim)

    assert (booked.dose, booked.slot_id) == (2, full.pk)
    assert numbers(full) == (2, 1)
    assert audit(now=now).is_clean


def test_what_is_held_nobody_else_gets(now):
    slot = make_keeping_slot(quota=0, kept=1)
    early, late = make_first_dose(slot.programme), make_first_dose(slot.programme)
    held = held_by(early, slot, now)

    with pytest.raises(SlotFull):
        try_to_book(late, slot, now)
    assert try_to_book(early, slot, now, hold_claim=held.claim).dose == 2


def test_a_dropped_hold_goes_back_to_the_kept_places_and_to_no_first_dose(now):
    slot = make_keeping_slot(quota=0, kept=1)
    early, late = make_first_dose(slot.programme), make_first_dose(slot.programme)
    held = held_by(early, slot, now)

    drop(token=held.token, account_id=early.user_id)

    with pytest.raises(SlotFull):
        try_to_book(make_patient(), slot, now)
    assert try_to_book(late, slot, now).dose == 2


def test_another_hold_of_the_patient_gives_the_kept_place_back(now):
    slot = make_keeping_slot(quota=0, kept=1)
    other = make_keeping_slot(quota=5, kept=0, programme=slot.programme, site=slot.site)
    patient = make_first_dose(slot.programme)
    held_by(patient, slot, now)

    held_by(patient, other, now)

    assert admission.places_left([admission.kept_at_gate(slot.pk)]) == {admission.kept_at_gate(slot.pk): 1}


def test_a_held_kept_place_can_be_kept_longer(full, now):
    patient = make_first_dose(full.programme)
    held = held_by(patient, full, now)

    (longer,) = extend(tokens=[held.token], account_id=patient.user_id, now=now)

    assert try_to_book(patient, full, now, hold_claim=longer.claim).dose == 2


def test_the_same_page_sent_twice_holds_one_kept_place(now):
    slot = make_keeping_slot(quota=0, kept=1)
    patient = make_first_dose(slot.programme)
    wishes = [(patient.pk, slot.pk)]
    hold_together(account_id=patient.user_id, wishes=wishes, now=now)

    (again,) = hold_together(account_id=patient.user_id, wishes=wishes, now=now)

    assert try_to_book(patient, slot, now, hold_claim=again.claim).dose == 2


def test_the_highest_number_that_somebody_holds_is_not_lost_when_another_is_booked(now):
    slot = make_keeping_slot(quota=0, kept=3)
    people = [make_first_dose(slot.programme) for _ in range(3)]
    holds = [held_by(patient, slot, now) for patient in people]

    for patient, held in zip(people, holds, strict=True):
        assert try_to_book(patient, slot, now, hold_claim=held.claim).dose == 2
    assert numbers(slot) == (3, 0)
    assert audit(now=now).is_clean


def test_without_the_gate_the_ledger_gives_the_kept_place(full, now, monkeypatch):
    def down(*args, **kwargs):
        raise admission.GateDown("down")

    for name in ("ask_gate",):
        monkeypatch.setattr(f"booking.operations.book.{name}", down)
        monkeypatch.setattr(f"booking.operations.later_doses.book_kept.{name}", down)

    assert try_to_book(make_first_dose(full.programme), full, now).dose == 2
    assert numbers(full) == (2, 1)


def test_a_full_slot_that_keeps_none_costs_no_statement(now):
    slot = make_keeping_slot(quota=1, kept=0)
    try_to_book(make_patient(), slot, now, "somebody")
    late = make_patient()

    with CaptureQueriesContext(connection) as asked, pytest.raises(SlotFull):
        try_to_book(late, slot, now)
    assert len(asked) == 0


def test_a_booking_sends_two_statements(now):
    slot = make_keeping_slot(quota=5)
    patient, before = make_patient(), make_patient()
    try_to_book(before, slot, now, "somebody")

    with CaptureQueriesContext(connection) as asked:
        try_to_book(patient, slot, now)
    assert len(asked) == 2


def test_reconcile_puts_the_kept_places_right(full, now):
    from booking.operations.reconcile import reconcile

    at_gate = admission.kept_at_gate(full.pk)
    load_slot(at_gate, now=now)
    admission.set_quota(at_gate, 7)

    assert reconcile(now=now).repaired == [at_gate]
    assert admission.places_left([at_gate]) == {at_gate: 2}


def test_a_day_too_early_for_the_second_dose_gets_no_kept_place(full, now):
    patient = make_first_dose(full.programme, days_ago=20)

    with pytest.raises(SlotFull):
        try_to_book(patient, full, now + timedelta(minutes=1))
