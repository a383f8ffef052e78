"""The same request again and again, one patient in two places at once, and what guards against both."""

import functools
from datetime import timedelta

import pytest
from django.db import connection

from booking import admission
from booking.models import Appointment, AppointmentEvent
from booking.operations.book import book
from booking.operations.refusals import AlreadyBooked
from booking.queries.audit import audit
from tests.factories import make_patient, make_programme, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def act(patient, slot, key, now):
    return functools.partial(
        book, account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=now
    )


def test_the_same_request_twenty_times_at_once_is_one_appointment_and_twenty_equal_answers(now):
    slot, patient = make_slot(), make_patient()

    # Each request has come at a moment of its own.
    moments = [now + timedelta(milliseconds=n) for n in range(20)]
    results = all_at_once([act(patient, slot, "same-key", moment) for moment in moments], threads=20)

    assert len(set(results)) == 1
    assert Appointment.objects.count() == AppointmentEvent.objects.count() == 1
    assert admission.places_left([slot.pk]) == {slot.pk: 9}
    assert audit(now=now).is_clean


def test_twin_without_one_claim_for_a_request_every_repeat_takes_a_place_at_the_gate(now):
    """Were the gate asked under a new name each time, one impatient citizen would empty the slot for a while."""
    slot = make_slot()
    admission_tries = [
        functools.partial(admission.admit, slot.pk, claim, lease=30) for claim in [f"try-{n}" for n in range(5)]
    ]
    from booking.queries.load_gate import load_slot

    load_slot(slot.pk, now=now)
    all_at_once(admission_tries, threads=5)

    assert admission.places_left([slot.pk]) == {slot.pk: 5}


def test_one_patient_in_two_slots_at_once_gets_one_appointment_each_round(now):
    for round_number in range(20):
        programme, patient = make_programme(), make_patient()
        slots = [make_slot(programme=programme), make_slot(programme=programme)]

        results = all_at_once(
            [act(patient, slot, f"round-{round_number}-{n}", now) for n, slot in enumerate(slots)], threads=2
        )

        booked = [result for result in results if hasattr(result, "reference")]
        refused = [result for result in results if isinstance(result, AlreadyBooked)]
        assert (len(booked), len(refused)) == (1, 1)
        assert sum(admission.places_left([slot.pk for slot in slots]).values()) == 19
    assert audit(now=now).is_clean


def test_twin_without_the_unique_index_one_patient_gets_two(now):
    programme, patient = make_programme(), make_patient()
    slots = [make_slot(programme=programme), make_slot(programme=programme)]
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_live_appointment_per_person_and_dose")
    try:
        results = all_at_once([act(patient, slot, f"twin-{n}", now) for n, slot in enumerate(slots)], threads=2)

        assert all(hasattr(result, "reference") for result in results)
        assert len(audit(now=now).doubly_booked) == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE booking_appointment SET status = 'CANCELLED'")
            cursor.execute(
                "CREATE UNIQUE INDEX one_live_appointment_per_person_and_dose ON booking_appointment "
                "(person, programme_id, dose) WHERE status IN ('BOOKED', 'CHECKED_IN', 'FULFILLED')"
            )
