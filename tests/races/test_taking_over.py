"""One code, many who use it at the same moment: one hand-over. And what guards it."""

import functools

import pytest

from accounts import hand_overs
from accounts.models import Patient
from booking.models import Appointment, AppointmentEvent, Message
from booking.operations.book import book
from booking.operations.hand_over_patient import take_over_patient
from tests.factories import make_citizen, make_patient, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rush(now):
    """Four accounts, one of them twice, use the code of one patient at once; returns patient and results."""

    def run():
        patient = make_patient()
        book(
            account_id=patient.user_id,
            patient_id=patient.pk,
            slot_id=make_slot().pk,
            request_key="request-1",
            now=now,
        )
        code = hand_overs.make_code(user_id=patient.user_id, patient_id=patient.pk, now=now)
        takers = [make_citizen() for _ in range(4)]
        act = functools.partial(take_over_patient, code=code, last_four=patient.document_number[-4:], now=now)
        results = all_at_once([functools.partial(act, account_id=taker.pk) for taker in [takers[0], *takers]])
        return patient, results

    return run


def test_a_code_used_at_once_by_many_has_one_effect(rush):
    patient, results = rush()

    assert results.count(patient.pk) == 1
    assert sum(isinstance(result, hand_overs.CodeRefused) for result in results) == 4
    assert AppointmentEvent.objects.filter(kind="HANDED_OVER").count() == 1
    assert Message.objects.filter(appointment=None).count() == 2
    assert Appointment.objects.get().booked_by == Patient.objects.get().user


def test_twin_without_using_the_code_up_the_holder_check_alone_holds(rush, monkeypatch):
    monkeypatch.setattr(hand_overs, "use", lambda row, **_: True)

    patient, results = rush()

    assert results.count(patient.pk) == 1


def test_twin_without_both_guards_the_patient_is_passed_round(rush, monkeypatch):
    def take_anyway(row, *, by, now):
        Patient.objects.filter(pk=row.patient_id).update(user_id=by)
        return Patient.objects.get(pk=row.patient_id)

    monkeypatch.setattr(hand_overs, "use", lambda row, **_: True)
    monkeypatch.setattr(hand_overs, "adopt", take_anyway)
    # The messages' keys would stop the second one too.
    monkeypatch.setattr("booking.operations.hand_over_patient._tell_both", lambda *_, **__: None)

    _patient, results = rush()

    assert sum(not isinstance(result, Exception) for result in results) > 1
    assert AppointmentEvent.objects.filter(kind="HANDED_OVER").count() > 1
