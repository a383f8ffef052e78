"""One invitation used by many accounts at once: one person, one appointment."""

import functools

import pytest
from django.db import connection

from booking.models import LIVE, Appointment, ReleaseMode
from booking.operations.book import book
from booking.operations.hold import hold
from booking.operations.refusals import AlreadyBooked, NotYourTurn
from booking.queries.audit import audit
from tests.factories import CLOCK, make_patient, make_programme, make_slot
from tests.invitation_factories import invite_to
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
_INDEX = "one_live_appointment_per_person_and_dose"


@pytest.fixture
def slot():
    return make_slot(quota=100, programme=make_programme(release_mode=ReleaseMode.INVITATION))


def accounts_of_one_person(slot, number):
    """So many accounts, each with a row of its own for the one invited person."""
    first = make_patient()
    invite_to(slot.programme, first.person)
    return [first, *(make_patient(person=first.person) for _ in range(number - 1))]


def booking(patient, slot, **more):
    return functools.partial(
        book, account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk,
        request_key=f"invited-{patient.pk}"[:40], now=CLOCK, **more,
    )  # fmt: skip


def live():
    return Appointment.objects.filter(status__in=LIVE).count()


def test_two_accounts_that_use_it_at_once_get_one_appointment_between_them(slot):
    for _ in range(5):
        Appointment.objects.update(status="CANCELLED")
        rows = accounts_of_one_person(slot, 2)

        results = all_at_once([booking(row, slot) for row in rows], threads=2)

        refused = [result for result in results if isinstance(result, Exception)]
        assert [type(one) in (AlreadyBooked, NotYourTurn) for one in refused] == [True]
        assert live() == 1
    assert audit(now=CLOCK).is_clean


def test_fifty_accounts_of_one_person_get_one_appointment_and_their_neighbours_theirs(slot):
    rows = accounts_of_one_person(slot, 50)
    others = [accounts_of_one_person(slot, 1)[0] for _ in range(10)]

    results = all_at_once([booking(row, slot) for row in [*rows, *others]])

    of_one = results[:50]
    assert len([one for one in of_one if not isinstance(one, Exception)]) == 1
    assert {type(one) for one in of_one if isinstance(one, Exception)} <= {AlreadyBooked, NotYourTurn}
    assert not [one for one in results[50:] if isinstance(one, Exception)]
    assert live() == 11


def test_places_that_were_held_in_two_accounts_become_one_appointment(slot):
    rows = accounts_of_one_person(slot, 2)
    held = [hold(account_id=row.user_id, patient_id=row.pk, slot_id=slot.pk, now=CLOCK) for row in rows]

    acts = [booking(row, slot, hold_claim=one.claim) for row, one in zip(rows, held, strict=True)]
    all_at_once(acts, threads=2)

    assert live() == 1


def test_twin_without_the_constraint_the_second_account_gets_a_second_appointment(slot):
    """Both were in turn when they were asked. What stops the second is the ledger's index, not the invitation."""
    rows = accounts_of_one_person(slot, 2)
    held = [hold(account_id=row.user_id, patient_id=row.pk, slot_id=slot.pk, now=CLOCK) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [_INDEX])
        definition = cursor.fetchone()[0]
        cursor.execute(f"DROP INDEX {_INDEX}")
    try:
        for row, one in zip(rows, held, strict=True):
            booking(row, slot, hold_claim=one.claim)()
        assert live() == 2
    finally:
        Appointment.objects.update(status="CANCELLED")
        with connection.cursor() as cursor:
            cursor.execute(definition)
