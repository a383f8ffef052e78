"""What becomes of a number that somebody gave up."""

from datetime import timedelta

import pytest

from booking import admission
from booking.models import Appointment, Message, Offer, OfferState
from booking.operations.cancel import restore
from booking.operations.delete_account import delete_account
from booking.operations.freed_places import pass_on
from booking.operations.freed_places.holder import USERNAME
from booking.operations.freed_places.release_places import release_places
from booking.operations.move import move
from booking.operations.quotas.set_quota import close_slot, reopen_slot, set_quota
from booking.operations.refusals import QuotaBelowTaken, TooLate
from booking.operations.releases.pausing import begin_pause, end_pause
from tests.factories import make_citizen, make_slot
from tests.freed_factories import FullSlot, asked, kept, nothing_is_lost, offers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full(now):
    return FullSlot(now)


@pytest.fixture
def delayed(settings, monkeypatch):
    """A place that nobody wants goes back after ten minutes."""
    settings.FREED_PLACE_DELAY_MINUTES = 15
    monkeypatch.setattr(pass_on, "_fraction", lambda: 2 / 3)


def left(full) -> int:
    return admission.places_left([full.slot.pk])[full.slot.pk]


def test_a_cancelled_place_is_kept_for_the_undo_and_then_offered(full):
    entry = full.waits()

    full.cancels()
    assert release_places(now=full.undone - timedelta(seconds=1)) == 0
    assert asked() == []
    assert release_places(now=full.undone) == 1

    offer = offers()[0]
    assert (offer.entry_id, offer.slot_id, kept(offer)) == (entry.pk, full.slot.pk, [1])
    assert offer.expires_at == full.undone + timedelta(minutes=30)
    assert left(full) == 0
    assert nothing_is_lost(now=full.undone)


def test_whoever_is_asked_is_told_in_the_same_transaction(full):
    entry = full.waits()

    full.frees()

    message = Message.objects.get(kind="PLACE_OFFERED")
    assert (message.account_id, message.patient_id) == (entry.account_id, entry.patient_id)


def test_a_place_that_nobody_waits_for_goes_back_to_everybody_after_a_delay(full, delayed):
    full.frees()
    assert left(full) == 0

    assert release_places(now=full.undone + timedelta(minutes=9)) == 0
    assert release_places(now=full.undone + timedelta(minutes=10)) == 1

    assert left(full) == 1
    assert Appointment.objects.get().place is None
    assert nothing_is_lost(now=full.undone + timedelta(minutes=10))


def test_whoever_joins_during_the_delay_is_asked_at_its_end(full, delayed):
    full.frees()
    entry = full.waits()

    release_places(now=full.undone + timedelta(minutes=10))

    assert asked() == [entry.pk]


def test_close_to_the_start_there_is_no_delay_and_no_undo(now, delayed):
    full = FullSlot(now, starts_at=now + timedelta(minutes=115))

    full.cancels()

    assert left(full) == 1


def test_close_to_the_start_the_next_is_asked_by_the_cancellation_itself(now):
    full = FullSlot(now, starts_at=now + timedelta(minutes=80))
    entry = full.waits()

    full.cancels()

    assert asked() == [entry.pk]
    assert offers()[0].expires_at == full.slot.starts_at - timedelta(hours=1)


def test_with_no_time_for_an_answer_nobody_is_asked(now):
    full = FullSlot(now, starts_at=now + timedelta(minutes=69))
    full.waits()

    full.cancels()

    assert asked() == []
    assert left(full) == 1


def test_the_place_that_a_move_leaves_is_offered_by_the_move_itself(full):
    entry, row = full.waits(), full.booked[0]
    other = make_slot(full.site, full.programme)

    moved = move(
        account_id=row.booked_by_id, reference=row.reference, slot_id=other.pk, request_key="moves-1", now=full.now
    )

    assert moved.slot_id == other.pk
    assert asked() == [entry.pk]
    assert kept(offers()[0]) == [1]
    assert left(full) == 0
    assert nothing_is_lost(now=full.now)


def test_what_holds_the_number_that_a_move_left_is_gone_with_it(full, delayed):
    row, other = full.booked[0], make_slot(full.site, full.programme)
    move(account_id=row.booked_by_id, reference=row.reference, slot_id=other.pk, request_key="moves-1", now=full.now)
    assert Appointment.objects.filter(booked_by__username=USERNAME).count() == 1

    release_places(now=full.now + timedelta(minutes=10))

    assert not Appointment.objects.filter(booked_by__username=USERNAME).exists()
    assert left(full) == 1
    assert nothing_is_lost(now=full.now)


def test_deleting_an_account_offers_its_places_at_once(full):
    entry = full.waits()

    delete_account(account_id=full.booked[0].booked_by_id, cancel_appointments=True, now=full.now)

    assert asked() == [entry.pk]
    assert nothing_is_lost(now=full.now)


def test_an_undo_never_fails_and_leaves_nothing_to_offer(full):
    full.waits()
    row = full.booked[0]
    full.cancels()

    restore(account_id=row.booked_by_id, reference=row.reference, now=full.undone - timedelta(seconds=1))

    assert release_places(now=full.undone) == 0
    assert asked() == []


def test_once_it_is_offered_it_cannot_be_restored(full):
    full.waits()
    full.frees()
    row = full.booked[0]

    with pytest.raises(TooLate):
        restore(account_id=row.booked_by_id, reference=row.reference, now=full.undone)


def test_at_night_the_place_is_kept_until_the_morning(full, now):
    entry = full.waits()
    night = now.replace(hour=21)
    full.cancels(now=night - timedelta(minutes=10))

    release_places(now=night)
    assert asked() == []
    assert left(full) == 0
    morning = (night + timedelta(days=1)).replace(hour=8)
    assert release_places(now=morning - timedelta(seconds=1)) == 0
    release_places(now=morning)

    assert asked() == [entry.pk]


def test_at_night_a_place_that_nobody_could_answer_for_in_time_goes_to_everybody(now, delayed):
    full = FullSlot(now, starts_at=(now + timedelta(days=1)).replace(hour=8, minute=30))
    full.waits()
    night = now.replace(hour=22)
    full.cancels(now=night - timedelta(minutes=10))

    release_places(now=night)
    assert left(full) == 0
    release_places(now=night + timedelta(minutes=10))

    assert asked() == []
    assert left(full) == 1


def test_during_a_pause_nobody_is_asked_and_the_place_waits(full):
    entry = full.waits()
    begin_pause(text="暂停", text_en="Paused", by=make_citizen().pk, now=full.now)
    full.frees()
    assert asked() == []
    assert left(full) == 0

    end_pause(by=make_citizen().pk, now=full.undone)
    release_places(now=full.undone + timedelta(minutes=5))

    assert asked() == [entry.pk]


def test_an_offer_is_withdrawn_when_the_slot_closes_and_the_number_is_free_when_it_opens_again(full):
    full.waits()
    full.frees()

    close_slot(slot_id=full.slot.pk, by=None, now=full.undone)

    assert [offer.state for offer in Offer.objects.all()] == [OfferState.WITHDRAWN]
    reopen_slot(slot_id=full.slot.pk, by=None, now=full.undone)
    assert left(full) == 1
    assert nothing_is_lost(now=full.undone)


def test_a_lower_quota_takes_the_numbers_that_nobody_has_first_and_offers_only_if_it_must(now, delayed):
    full = FullSlot(now, quota=4)
    full.waits()
    for row in full.booked[:3]:
        full.cancels(row)
    release_places(now=full.undone)
    assert len(offers()) == 1

    set_quota(slot_id=full.slot.pk, quota=2, by=None, now=full.undone)
    assert len(offers()) == 1
    assert nothing_is_lost(now=full.undone)

    set_quota(slot_id=full.slot.pk, quota=1, by=None, now=full.undone)
    assert offers() == []
    assert nothing_is_lost(now=full.undone)
    with pytest.raises(QuotaBelowTaken):
        set_quota(slot_id=full.slot.pk, quota=0, by=None, now=full.undone)


def test_a_quota_never_takes_what_may_still_be_undone(full):
    full.cancels()

    with pytest.raises(QuotaBelowTaken):
        set_quota(slot_id=full.slot.pk, quota=0, by=None, now=full.undone - timedelta(seconds=1))
