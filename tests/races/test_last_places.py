"""The first promise: never more appointments than quota, whatever the gate says. And what guards it."""

import functools

import pytest
from django.db import connection

from booking import admission
from booking.admission.connection import connection as gate_connection
from booking.admission.keys import slot_keys
from booking.models import Appointment
from booking.operations.book import book
from booking.operations.refusals import Busy, SlotFull
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import make_patient, make_patients, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def rush(patients, slot, now, **more):
    acts = [
        functools.partial(
            book, account_id=p.user_id, patient_id=p.pk, slot_id=slot.pk, request_key=f"rush-{n:05}", now=now
        )
        for n, p in enumerate(patients)
    ]
    return all_at_once(acts, **more)


def outcome(results):
    booked = [r for r in results if hasattr(r, "reference")]
    refused = [r for r in results if isinstance(r, SlotFull)]
    other = [r for r in results if not hasattr(r, "reference") and not isinstance(r, SlotFull)]
    return len(booked), len(refused), other


def test_the_last_place_goes_to_one_of_twenty(now):
    slot = make_slot(quota=1)

    booked, refused, other = outcome(rush(make_patients(20), slot, now, threads=20))

    assert (booked, refused, other) == (1, 19, [])
    assert Appointment.objects.count() == 1


def test_five_hundred_citizens_and_fifty_places(now):
    slot = make_slot(quota=50)

    booked, refused, other = outcome(rush(make_patients(500), slot, now))

    assert (booked, refused, other) == (50, 450, [])
    assert sorted(Appointment.objects.values_list("place", flat=True)) == list(range(1, 51))
    assert audit(now=now).is_clean


def test_a_gate_opened_ten_times_too_wide_changes_nothing(now):
    slot = make_slot(quota=50)
    load_slot(slot.pk, now=now)
    admission.set_quota(slot.pk, 500)

    booked, _, other = outcome(rush(make_patients(500), slot, now))

    assert booked == 50
    assert [error for error in other if not isinstance(error, Busy)] == []
    assert Appointment.objects.filter(slot=slot, place__lte=50).count() == Appointment.objects.count() == 50


def test_a_gate_that_hands_every_number_out_twice_changes_nothing(now):
    slot = make_slot(quota=20)
    load_slot(slot.pk, now=now)
    rush(make_patients(10), slot, now)
    gate_connection().client.sadd(slot_keys(slot.pk)[2], *range(1, 21))

    booked, _, other = outcome(rush(make_patients(40), slot, now))

    assert booked == 10
    assert [error for error in other if not isinstance(error, Busy)] == []
    assert sorted(Appointment.objects.values_list("place", flat=True)) == list(range(1, 21))


def test_twin_without_the_ledgers_guards_the_wide_gate_oversells(now):
    """The same rush with the unique index and the quota predicate taken away: now the gate's error comes through."""
    slot = make_slot(quota=50)
    load_slot(slot.pk, now=now)
    admission.set_quota(slot.pk, 500)

    with unguarded_ledger():
        booked, _, _ = outcome(rush(make_patients(120), slot, now))

        assert booked == 120
    assert [(row[1], row[2]) for row in audit(now=now).oversold] == [(50, 120)]


def test_twin_without_the_gate_every_refusal_costs_the_ledger(now, django_assert_max_num_queries):
    """With the gate the crowd never reaches the ledger; without it everybody does."""
    slot = make_slot(quota=1)
    rush(make_patients(1), slot, now)
    late = make_patient()

    def refused_statements() -> int:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as sent, pytest.raises(SlotFull):
            book(account_id=late.user_id, patient_id=late.pk, slot_id=slot.pk, request_key="late-0001", now=now)
        return len(sent)

    with_gate = refused_statements()
    gate_connection().breaker.failed()
    gate_connection().breaker._open_until += 60
    try:
        without_gate = refused_statements()
    finally:
        gate_connection().breaker.worked()

    assert with_gate == 0
    assert without_gate >= 2


class unguarded_ledger:
    """The booking statement without its quota predicate, on a table without its unique index."""

    def __enter__(self):
        from booking.operations import record_bookings

        self.module, self.statement = record_bookings, record_bookings._STATEMENT
        record_bookings._STATEMENT = self.statement.replace("w.place <= s.quota AND ", "")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE booking_appointment DROP CONSTRAINT one_appointment_per_place")

    def __exit__(self, *exc):
        self.module._STATEMENT = self.statement
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM booking_message")
            cursor.execute("ALTER TABLE booking_appointmentevent DISABLE TRIGGER only_added")
            cursor.execute("DELETE FROM booking_appointmentevent")
            cursor.execute("ALTER TABLE booking_appointmentevent ENABLE TRIGGER only_added")
            cursor.execute(
                "ALTER TABLE booking_appointment ADD CONSTRAINT one_appointment_per_place UNIQUE (slot_id, place)"
            )
