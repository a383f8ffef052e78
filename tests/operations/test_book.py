import pytest

from booking import admission
from booking.models import Appointment, AppointmentEvent, Message
from booking.operations.book import book
from tests.factories import make_patient, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def _book(patient, slot, now, key="key-0001"):
    return book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=now)


def test_a_citizen_books_a_place(now):
    slot = make_slot(quota=2)
    patient = make_patient()

    booked = _book(patient, slot, now)

    row = Appointment.objects.get()
    assert (row.reference, row.status, row.slot, row.dose) == (booked.reference, "BOOKED", slot, 1)
    assert 1 <= row.place <= 2
    assert AppointmentEvent.objects.get().kind == "BOOKED"
    assert Message.objects.get().appointment == row
    assert admission.places_left([slot.pk]) == {slot.pk: 1}
    assert admission.summaries([slot.pk])[slot.pk].holds == 0
