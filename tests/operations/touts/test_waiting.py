"""A locked account gets no place from the waitlist either: what is freed goes to whoever is next."""

import pytest

from booking.models import Appointment, Suspicion, SuspicionState, WaitlistEntry
from booking.operations.touts.refusals import BookingLocked
from booking.operations.waitlist.accept import accept
from booking.queries.touts import forget_locked
from booking.rules import bulk
from tests.factories import CLOCK, make_patient
from tests.freed_factories import FullSlot, offers
from tests.waitlist_factories import Leftovers, asked, pending

pytestmark = pytest.mark.django_db(transaction=True)


def _lock(user):
    Suspicion.objects.create(
        account=user, sign=bulk.PEOPLE, state=SuspicionState.LOCKED, raised_at=CLOCK, decided_at=CLOCK
    )
    forget_locked()


def test_nobody_joins_from_a_locked_account():
    full, patient = FullSlot(CLOCK), make_patient()
    _lock(patient.user)

    with pytest.raises(BookingLocked):
        full.waits(patient)

    assert not WaitlistEntry.objects.exists()


def test_a_freed_place_goes_to_the_next_one():
    full, tout, neighbour = FullSlot(CLOCK), make_patient(), make_patient()
    full.waits(tout, minutes=60)
    full.waits(neighbour, minutes=5)
    _lock(tout.user)

    full.frees()

    assert [offer.entry.account_id for offer in offers()] == [neighbour.user_id]


def test_a_leftover_dose_goes_to_the_next_one():
    site, tout = Leftovers(CLOCK), make_patient()
    site.waits(tout, minutes=60)
    neighbour = site.waits(minutes=5)
    _lock(tout.user)

    site.begins(doses=1)

    assert asked() == {neighbour.pk}


def test_what_was_offered_before_cannot_be_taken_any_more():
    full, tout = FullSlot(CLOCK), make_patient()
    full.waits(tout)
    full.frees()
    [offer] = offers()
    _lock(tout.user)

    with pytest.raises(BookingLocked):
        accept(account_id=tout.user_id, offer_id=offer.pk, now=full.undone)

    assert not Appointment.objects.filter(patient=tout).exists()


def test_nor_can_a_leftover_dose():
    site, tout = Leftovers(CLOCK), make_patient()
    site.waits(tout)
    site.begins(doses=1)
    [offer] = pending()
    _lock(tout.user)

    with pytest.raises(BookingLocked):
        accept(account_id=tout.user_id, offer_id=offer.pk, now=CLOCK)

    assert not Appointment.objects.exists()
