"""Places held for a family or for both doses: all or none, replaced by the next ones, and kept longer once."""

import threading
from datetime import timedelta

import pytest

from booking import admission
from booking.admission.connection import connection as gate_connection
from booking.models import Appointment
from booking.operations.book import book
from booking.operations.hold import drop, hold, read_hold
from booking.operations.hold_together import extend, hold_together
from booking.operations.reconcile import reconcile
from booking.operations.refusals import AlreadyExtended, Busy, HoldExpired, NotEligible, NotFound, SlotFull
from booking.queries.audit import audit
from tests.factories import make_family, make_patient, make_slot, make_two_dose_programme

pytestmark = pytest.mark.django_db(transaction=True)


def held_for(wishes, now):
    pairs = [(patient.pk, slot.pk) for patient, slot in wishes]
    return hold_together(account_id=wishes[0][0].user_id, wishes=pairs, now=now)


def lease_ms(slot, claim):
    score = gate_connection().client.zscore(f"slot:{{{slot.pk}}}:leases", claim)
    seconds, micros = gate_connection().client.time()
    return score - (seconds * 1000 + micros // 1000)


def test_a_family_holds_a_place_each_for_five_minutes(now):
    slot, family = make_slot(quota=4), make_family(3)

    held = held_for([(patient, slot) for patient in family], now)

    assert [one.patient_id for one in held] == [patient.pk for patient in family]
    assert {one.expires_at for one in held} == {now + timedelta(minutes=5)}
    assert [read_hold(one.token, account_id=family[0].user_id) for one in held] == list(held)
    assert admission.places_left([slot.pk]) == {slot.pk: 1}


def test_none_is_held_when_one_cannot_be(now):
    slot, family = make_slot(quota=2), make_family(3)

    with pytest.raises(SlotFull) as refused:
        held_for([(patient, slot) for patient in family], now)

    assert refused.value.facts == {"patient": family[0].pk, "slot": slot.pk}
    assert admission.places_left([slot.pk]) == {slot.pk: 2}


def test_what_the_patients_held_before_is_given_back(now):
    family, first, other, later = make_family(2), make_slot(), make_slot(), make_slot()
    hold(account_id=family[0].user_id, patient_id=family[0].pk, slot_id=first.pk, now=now)
    held_for([(patient, other) for patient in family], now)
    held_for([(patient, later) for patient in family], now)

    assert admission.places_left([first.pk, other.pk, later.pk]) == {first.pk: 10, other.pk: 10, later.pk: 8}


def test_both_doses_are_held_and_a_single_hold_replaces_both(now):
    programme, patient = make_two_dose_programme(), make_patient()
    slots = [make_slot(programme=programme, starts_at=now + timedelta(days=days)) for days in (3, 31, 4)]
    held_for([(patient, slots[0]), (patient, slots[1])], now)
    assert admission.places_left([slot.pk for slot in slots[:2]]) == {slots[0].pk: 9, slots[1].pk: 9}

    hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slots[2].pk, now=now)

    assert admission.places_left([slot.pk for slot in slots]) == {slots[0].pk: 10, slots[1].pk: 10, slots[2].pk: 9}


def test_both_doses_too_close_are_refused_before_the_gate_is_asked(now):
    programme, patient = make_two_dose_programme(), make_patient()
    slots = [make_slot(programme=programme, starts_at=now + timedelta(days=days)) for days in (3, 30)]

    with pytest.raises(NotEligible) as refused:
        held_for([(patient, slot) for slot in slots], now)

    assert (refused.value.facts["slot"], refused.value.facts["dose"]) == (slots[1].pk, 2)


def test_the_same_page_sent_twice_keeps_the_last_places_and_their_end(now):
    slot, family = make_slot(quota=2), make_family(2)
    wishes = [(patient, slot) for patient in family]

    first, second = held_for(wishes, now), held_for(wishes, now + timedelta(minutes=1))

    assert [one.claim for one in second] == [one.claim for one in first]
    assert {one.expires_at for one in second} == {now + timedelta(minutes=5)}
    assert admission.summaries([slot.pk])[slot.pk].holds == 2


def test_a_hold_is_kept_five_minutes_longer_once(now):
    slot, patient = make_slot(), make_patient()
    held = hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)
    later = now + timedelta(minutes=4)

    longer = extend(tokens=[held.token], account_id=patient.user_id, now=later)

    assert (longer[0].claim, longer[0].expires_at) == (held.claim, now + timedelta(minutes=10))
    assert 358_000 < lease_ms(slot, held.claim) <= 360_000
    with pytest.raises(AlreadyExtended):
        extend(tokens=[longer[0].token], account_id=patient.user_id, now=later)


def test_the_old_token_sent_again_does_not_keep_it_longer_still(now):
    slot, patient = make_slot(), make_patient()
    held = hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)
    extend(tokens=[held.token], account_id=patient.user_id, now=now + timedelta(minutes=4))

    again = extend(tokens=[held.token], account_id=patient.user_id, now=now + timedelta(minutes=9))

    assert again[0].expires_at == now + timedelta(minutes=10)
    assert lease_ms(slot, held.claim) <= 360_000
    with pytest.raises(HoldExpired):
        extend(tokens=[held.token], account_id=patient.user_id, now=now + timedelta(minutes=10))


def test_twin_an_end_counted_from_the_click_would_keep_it_for_ever(now):
    """Were the new end five minutes from now and not from the first end, the old token would work again and again."""
    slot, patient = make_slot(), make_patient()
    held = hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)

    for _ in range(3):
        admission.admit(slot.pk, held.claim, lease=600, held=True)

    assert lease_ms(slot, held.claim) > 590_000


def test_a_hold_that_went_back_is_not_extended_and_is_named(now):
    slot, family = make_slot(), make_family(2)
    held = held_for([(patient, slot) for patient in family], now)
    drop(token=held[1].token, account_id=family[0].user_id)

    with pytest.raises(HoldExpired) as refused:
        extend(tokens=[one.token for one in held], account_id=family[0].user_id, now=now)

    assert refused.value.facts == {"patient": family[1].pk, "slot": slot.pk}


def test_a_forged_token_or_somebody_elses_is_not_found(now):
    slot, patient, stranger = make_slot(), make_patient(), make_patient()
    held = hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)

    for token, account_id in ((held.token, stranger.user_id), (held.token[:-1] + "x", patient.user_id), ("x", 1)):
        with pytest.raises(NotFound):
            extend(tokens=[token], account_id=account_id, now=now)


def test_an_extended_hold_is_still_replaced_by_the_next_one(now):
    slot, other, patient = make_slot(), make_slot(), make_patient()
    held = hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)
    extend(tokens=[held.token], account_id=patient.user_id, now=now)

    hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=other.pk, now=now)

    assert admission.places_left([slot.pk, other.pk]) == {slot.pk: 10, other.pk: 9}


def test_without_the_gate_nothing_can_be_held(now):
    slot, family = make_slot(), make_family(2)
    gate_connection().breaker.failed()
    gate_connection().breaker._open_until += 60
    try:
        with pytest.raises(Busy):
            held_for([(patient, slot) for patient in family], now)
    finally:
        gate_connection().breaker.worked()


def test_a_family_that_dies_between_hold_and_booking_leaves_places_that_come_back(now, settings):
    settings.HOLD_SECONDS = 0.05
    slot, family, patient = make_slot(quota=3), make_family(2), make_patient()
    held_for([(one, slot) for one in family], now)
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="beside-01", now=now)
    assert admission.places_left([slot.pk]) == {slot.pk: 0}

    threading.Event().wait(0.1)

    assert reconcile(now=now).repaired == [slot.pk]
    assert admission.places_left([slot.pk]) == {slot.pk: 2}
    assert Appointment.objects.count() == 1
    assert audit(now=now).is_clean
