"""Freed places and the desk: who comes although they cancelled, and who is told to come another time."""

import pytest
from django.db import transaction

from booking.models import Appointment, Slot, Status
from booking.operations.cancel import give_up
from booking.operations.desk.revive import revive
from booking.operations.waitlist.accept import accept
from tests.freed_factories import FullSlot, asked, kept, nothing_is_lost, offers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full(now):
    return FullSlot(now)


def test_a_place_that_the_desk_gives_up_is_offered_at_once(full):
    entry, row = full.waits(), full.booked[0]

    with transaction.atomic():
        give_up(Appointment.objects.select_for_update().get(pk=row.pk), until=None, by=row.booked_by_id, now=full.now)

    assert asked() == [entry.pk]
    assert nothing_is_lost(now=full.now)


def test_whoever_comes_after_all_gets_their_number_and_whoever_is_asked_keeps_a_place(full):
    full.waits()
    full.frees()
    offer = offers()[0]

    with transaction.atomic():
        row = Appointment.objects.select_for_update().get(pk=full.booked[0].pk)
        assert revive(row, by=row.booked_by_id, now=full.undone)

    row.refresh_from_db()
    assert (row.status, row.place, row.kept_for_id) == (Status.BOOKED, 1, None)
    assert Slot.objects.get(pk=full.slot.pk).quota == 2
    assert kept(offer) == [2]
    assert nothing_is_lost(now=full.undone)
    accept(account_id=offer.entry.account_id, offer_id=offer.pk, now=full.undone)
    assert Appointment.objects.live().filter(slot=full.slot).count() == 2
    assert nothing_is_lost(now=full.undone)
