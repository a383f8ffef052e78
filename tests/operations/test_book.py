import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking import admission
from booking.models import Appointment, AppointmentEvent, Message
from booking.operations.book import book
from booking.operations.quotas.set_quota import close_slot
from booking.operations.refusals import (
    AlreadyBooked,
    NotEligible,
    NotFound,
    NotOpen,
    RequestKeyReused,
    SlotClosed,
    SlotFull,
)
from tests.factories import CLOCK, make_citizen, make_patient, make_programme, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def book_for(patient, slot, now, key="key-0001"):
    return book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=now)


def test_a_citizen_books_a_place(now):
    slot, patient = make_slot(quota=2), make_patient()

    booked = book_for(patient, slot, now)

    row = Appointment.objects.get()
    assert (row.reference, row.status, row.slot, row.dose) == (booked.reference, "BOOKED", slot, 1)
    assert 1 <= row.place <= 2
    assert AppointmentEvent.objects.get().kind == "BOOKED"
    assert Message.objects.get().appointment == row
    assert admission.places_left([slot.pk]) == {slot.pk: 1}
    assert admission.summaries([slot.pk])[slot.pk].holds == 0


def test_a_booking_sends_two_statements_and_a_refusal_none(now):
    slot, patient, second, late = make_slot(quota=2), make_patient(), make_patient(), make_patient()
    other = make_slot()
    book_for(make_patient(), other, now)  # connections and the gate are warm
    admission.forget(other.pk)
    with pytest.raises(SlotFull):
        book_for(late, make_slot(quota=0), now)

    with CaptureQueriesContext(connection) as first:
        book_for(patient, slot, now)
    with CaptureQueriesContext(connection) as next_one:
        book_for(second, slot, now)
    with CaptureQueriesContext(connection) as refused, pytest.raises(SlotFull):
        book_for(late, slot, now)

    # A slot that the gate has never seen takes two more, once; one that this process does not know, one more, and so
    # does a programme: how it is released is asked anew after two seconds.
    assert len(first) == 6
    assert len(next_one) == 2
    assert len(refused) == 0


def test_the_slots_own_row_is_never_written(now):
    slot, patient = make_slot(), make_patient()

    with CaptureQueriesContext(connection) as sent:
        book_for(patient, slot, now)

    assert not [query for query in sent if "UPDATE" in query["sql"].replace("FOR UPDATE", "")]


def test_the_same_key_gets_the_same_appointment(now):
    slot, patient = make_slot(), make_patient()

    first, second = book_for(patient, slot, now), book_for(patient, slot, now)

    assert first.reference == second.reference
    assert Appointment.objects.count() == 1
    assert admission.places_left([slot.pk]) == {slot.pk: 9}


def test_a_repeat_on_a_full_slot_gets_its_appointment_also_after_the_gate_was_emptied(now):
    slot, patient = make_slot(quota=1), make_patient()
    first = book_for(patient, slot, now)
    admission.forget(slot.pk)

    assert book_for(patient, slot, now).reference == first.reference
    assert list(admission.snapshot(slot.pk).values()) == [1]


def test_a_repeat_gets_its_appointment_also_when_the_rules_have_changed_their_answer(now):
    slot, patient = make_slot(quota=1), make_patient()
    first = book_for(patient, slot, now)
    Appointment.objects.update(status="FULFILLED")
    admission.forget(slot.pk)

    again = book_for(patient, slot, now)

    assert (again.reference, again.status) == (first.reference, "FULFILLED")


def test_a_key_that_was_used_for_another_slot_is_refused_and_the_place_comes_back(now):
    patient = make_patient()
    slot, other = make_slot(), make_slot()
    book_for(patient, slot, now)

    with pytest.raises(RequestKeyReused):
        book_for(patient, other, now)

    assert admission.places_left([other.pk]) == {other.pk: 10}


def test_a_second_booking_of_the_same_dose_is_refused_with_the_reference(now):
    programme, patient = make_programme(), make_patient()
    slot, other = make_slot(programme=programme), make_slot(programme=programme)
    first = book_for(patient, slot, now)

    with pytest.raises(AlreadyBooked) as refused:
        book_for(patient, other, now, key="key-0002")

    assert refused.value.facts == {"reference": first.reference}
    assert admission.places_left([other.pk]) == {other.pk: 10}


def test_another_account_with_the_same_person_is_not_told_the_reference(now):
    programme, patient = make_programme(), make_patient()
    same_person = make_patient(make_citizen(), person=patient.person)
    book_for(patient, make_slot(programme=programme), now)

    with pytest.raises(AlreadyBooked) as refused:
        book_for(same_person, make_slot(programme=programme), now)

    assert refused.value.facts == {"reference": None}


def test_somebody_elses_patient_is_not_found(now):
    slot, patient, stranger = make_slot(), make_patient(), make_citizen()

    with pytest.raises(NotFound):
        book(account_id=stranger.pk, patient_id=patient.pk, slot_id=slot.pk, request_key="key-0001", now=now)

    assert admission.places_left([slot.pk]) == {slot.pk: 10}


def test_who_is_not_eligible_is_told_why_and_takes_no_place(now):
    slot = make_slot(programme=make_programme(min_age=60))

    with pytest.raises(NotEligible) as refused:
        book_for(make_patient(), slot, now)

    assert refused.value.facts["reason"] == "too_young"
    assert admission.places_left([slot.pk]) == {slot.pk: 10}


def test_a_slot_that_is_not_released_refuses(now):
    opens_at = CLOCK.replace(year=2099)
    slot = make_slot(opens_at=opens_at, starts_at=CLOCK.replace(year=2100))

    with pytest.raises(NotOpen) as refused:
        book_for(make_patient(), slot, now)

    assert refused.value.facts == {"opens_at": opens_at}


def test_a_slot_that_has_begun_or_was_closed_refuses(now):
    begun, closed = make_slot(starts_at=now), make_slot()
    book_for(make_patient(), closed, now)
    close_slot(slot_id=closed.pk, by=None, now=now)

    for slot in (begun, closed):
        with pytest.raises(SlotClosed):
            book_for(make_patient(), slot, now)


def test_no_slot_is_no_slot(now):
    patient = make_patient()

    with pytest.raises(NotFound):
        book(account_id=patient.user_id, patient_id=patient.pk, slot_id=2**60, request_key="key-0001", now=now)
