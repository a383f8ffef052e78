"""A locked account takes no place by any way there is."""

from uuid import uuid4

import pytest

from booking.models import Appointment, Suspicion, SuspicionState
from booking.operations.book import book
from booking.operations.book_together import book_together
from booking.operations.hold import hold
from booking.operations.hold_together import hold_together
from booking.operations.move import move
from booking.operations.touts.refusals import BookingLocked
from booking.queries.touts import forget_locked
from booking.rules import bulk
from tests.factories import CLOCK, make_patient, make_programme, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def _lock(user):
    Suspicion.objects.create(
        account=user, sign=bulk.PEOPLE, state=SuspicionState.LOCKED, raised_at=CLOCK, decided_at=CLOCK
    )
    forget_locked()


def _ways(patient, slot):
    one, wish = {"account_id": patient.user_id, "now": CLOCK}, [(patient.pk, slot.pk)]
    return {
        "hold": lambda: hold(patient_id=patient.pk, slot_id=slot.pk, **one),
        "book": lambda: book(patient_id=patient.pk, slot_id=slot.pk, request_key=uuid4().hex, **one),
        "hold together": lambda: hold_together(wishes=wish, **one),
        "book together": lambda: book_together(wishes=wish, request_key=uuid4().hex, **one),
    }


@pytest.mark.parametrize("way", ["hold", "book", "hold together", "book together"])
def test_no_way_of_taking_a_place_is_left(way):
    patient, slot = make_patient(), make_slot()
    _lock(patient.user)

    with pytest.raises(BookingLocked):
        _ways(patient, slot)[way]()

    assert not Appointment.objects.exists()


def test_an_appointment_stays_where_it_is():
    patient, programme = make_patient(), make_programme()
    slot, other = make_slot(programme=programme), make_slot(programme=programme)
    booked = _ways(patient, slot)["book"]()
    _lock(patient.user)

    with pytest.raises(BookingLocked):
        move(
            account_id=patient.user_id,
            reference=booked.reference,
            slot_id=other.pk,
            request_key="move-it-now",
            now=CLOCK,
        )

    assert Appointment.objects.get().slot_id == slot.pk


def test_others_are_not_touched_by_it():
    patient, slot = make_patient(), make_slot()
    _lock(make_patient().user)

    assert _ways(patient, slot)["book"]().status == "BOOKED"
