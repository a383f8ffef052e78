"""Kept places go back to everybody some days before the slot."""

from datetime import timedelta

import pytest

from booking import admission
from booking.models import SlotEvent
from booking.operations.book import book
from booking.operations.hold import hold
from booking.operations.later_doses.give_back import give_back_later_doses
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import make_patient
from tests.series_factories import make_first_dose, make_keeping_slot

pytestmark = pytest.mark.django_db(transaction=True)


def numbers(slot):
    slot.refresh_from_db()
    return slot.quota, slot.kept_doses


def test_what_nobody_took_is_for_everybody_two_days_before(now):
    near, far = make_keeping_slot(quota=1, kept=3, days=1), make_keeping_slot(quota=1, kept=3, days=3)
    load_slot(near.pk, now=now)

    assert give_back_later_doses(now=now) == 1
    assert (numbers(near), numbers(far)) == ((4, 0), (1, 3))
    assert SlotEvent.objects.get().facts == {"from": 1, "to": 4, "doses": {"from": 3, "to": 0}}
    assert admission.places_left([near.pk]) == {near.pk: 4}
    assert audit(now=now).is_clean


def test_how_long_they_are_kept_is_the_citys_to_say(now, settings):
    settings.LATER_DOSES_KEPT_UNTIL_DAYS = 5

    slot = make_keeping_slot(quota=1, kept=3, days=4)
    give_back_later_doses(now=now)

    assert numbers(slot) == (4, 0)


def test_a_first_dose_books_what_came_back(now):
    slot = make_keeping_slot(quota=0, kept=1, days=1)
    load_slot(slot.pk, now=now)
    give_back_later_doses(now=now)
    patient = make_patient()

    booked = book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="request-1", now=now)

    assert booked.dose == 1


def test_a_place_that_somebody_holds_stays_theirs_until_the_next_run(now):
    slot = make_keeping_slot(quota=0, kept=2, days=1)
    patient = make_first_dose(slot.programme)
    held = hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)

    give_back_later_doses(now=now)

    assert numbers(slot) == (1, 1)
    booked = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="request-1", now=now,
        hold_claim=held.claim,
    )  # fmt: skip
    assert booked.dose == 2


def test_a_second_run_finds_nothing_and_a_slot_that_has_begun_is_left_alone(now):
    begun = make_keeping_slot(quota=1, kept=3, days=0, starts_at=now - timedelta(hours=1))
    make_keeping_slot(quota=1, kept=3, days=1)
    give_back_later_doses(now=now)

    assert give_back_later_doses(now=now) == 0
    assert numbers(begun) == (1, 3)
