"""Freed places when people, jobs and administrators act in the same moment."""

import functools
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from booking import admission
from booking.models import Appointment, Message, Offer, OfferState, WaitlistEntry
from booking.operations.cancel import restore
from booking.operations.freed_places import accept_places, find_takers
from booking.operations.freed_places import release_places as releasing
from booking.operations.freed_places.locked import given_up
from booking.operations.freed_places.pass_on import pass_on
from booking.operations.freed_places.release_places import release_places
from booking.operations.quotas.set_quota import close_slot, set_quota
from booking.operations.refusals import Refusal, TooLate
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.refusals import OfferGone
from booking.queries.appointments import AppointmentFacts
from tests.freed_factories import FullSlot, asked, nothing_is_lost, offers
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full(now):
    return FullSlot(now)


def yes(offer, now):
    return functools.partial(accept, account_id=offer.entry.account_id, offer_id=offer.pk, now=now)


def no(offer, now):
    return functools.partial(decline, account_id=offer.entry.account_id, offer_id=offer.pk, now=now)


def release(now):
    return functools.partial(release_places, now=now)


def _together(act, people: int):
    """The act, before which everybody waits for everybody."""
    all_there = threading.Barrier(people)

    def waited(*args, **kwargs):
        all_there.wait(timeout=30)
        return act(*args, **kwargs)

    return waited


def test_one_offer_accepted_many_times_at_once_is_one_appointment(full):
    full.waits()
    full.frees()

    results = all_at_once([yes(offers()[0], full.undone)] * 8, threads=8)

    assert all(isinstance(result, AppointmentFacts) for result in results), results
    assert len({result.reference for result in results}) == 1
    assert Appointment.objects.live().count() == 1
    assert nothing_is_lost(now=full.undone)


def test_twin_without_the_lock_the_ledger_still_holds_but_people_are_told_wrongly(full, monkeypatch):
    full.waits()
    full.frees()

    def read(account_id, offer_id):
        offer = Offer.objects.select_related("entry", "appointment", "slot").get(pk=offer_id)
        return offer.slot, list(given_up().filter(kept_for=offer_id)), offer

    monkeypatch.setattr(accept_places, "lock_offer", read)
    monkeypatch.setattr(accept_places, "members_of", _together(accept_places.members_of, 8))
    results = all_at_once([yes(offers()[0], full.undone)] * 8, threads=8)

    assert Appointment.objects.live().count() == 1
    assert any(isinstance(result, Refusal) for result in results)


@pytest.mark.parametrize("seconds", [-1, 0])
def test_an_answer_in_the_moment_in_which_the_offer_ends_is_one_or_the_other(full, seconds):
    first, second = full.waits(minutes=2), full.waits(minutes=1)
    full.frees()
    offer, late = offers()[0], full.undone + timedelta(minutes=30)

    answer, _ = all_at_once([yes(offer, late + timedelta(seconds=seconds)), release(late)], threads=2)
    # The first job may have found the number locked by the answer; then it has ordered another one.
    release_places(now=late)

    offer.refresh_from_db()
    if isinstance(answer, AppointmentFacts):
        assert (offer.state, asked()) == (OfferState.ACCEPTED, [])
        assert seconds < 0
    else:
        assert isinstance(answer, OfferGone)
        assert (offer.state, asked()) == (OfferState.EXPIRED, [second.pk])
    assert first.pk not in asked()
    assert nothing_is_lost(now=late)


def test_two_freed_places_and_one_who_waits(now):
    full = FullSlot(now, quota=2)
    other = FullSlot(now, programme=full.programme)
    entry = full.waits()
    for row in full.booked:
        full.cancels(row)
    other.cancels()

    all_at_once([release(full.undone)] * 6, threads=6)

    assert asked() == [entry.pk]
    assert Message.objects.filter(kind="PLACE_OFFERED").count() == 1
    assert nothing_is_lost(now=full.undone)
    assert sum(admission.places_left([full.slot.pk, other.slot.pk]).values()) == 2


def test_one_freed_place_and_many_workers(full):
    for minutes in range(6):
        full.waits(minutes=minutes)
    full.cancels()

    all_at_once([release(full.undone)] * 6, threads=6)

    assert len(offers()) == 1
    assert nothing_is_lost(now=full.undone)


def test_twin_workers_that_do_not_lock_the_number_offer_it_twice(full, monkeypatch):
    for minutes in range(6):
        full.waits(minutes=minutes)
    full.cancels()

    def read(slot_ids, *, now):
        return list(given_up().filter(slot_id__in=slot_ids, release_at__lte=now))

    monkeypatch.setattr(releasing, "lock_due", read)
    monkeypatch.setattr(releasing, "pass_on", _together(releasing.pass_on, 2))
    all_at_once([release(full.undone)] * 2, threads=2)

    # One of them is kept no place.
    assert len(offers()) == 2
    with pytest.raises(AssertionError, match="without a place"):
        nothing_is_lost(now=full.undone)


def _two_slots_and_one_who_waits(now) -> tuple[list[FullSlot], WaitlistEntry]:
    one = FullSlot(now)
    other = FullSlot(now, programme=one.programme)
    for each in (one, other):
        each.cancels()
    return [one, other], one.waits()


def _slot_by_slot(slots):
    """A worker for each slot."""

    def work(slot):
        with transaction.atomic():
            rows = list(given_up().filter(slot=slot.slot).select_for_update(of=("self",)))
            return pass_on(rows, now=slot.undone)

    return [functools.partial(work, slot) for slot in slots]


def test_two_slots_that_want_the_same_person_ask_them_once(now):
    slots, entry = _two_slots_and_one_who_waits(now)

    results = all_at_once(_slot_by_slot(slots), threads=2)

    assert sorted(results) == [0, 1]
    assert asked() == [entry.pk]
    assert nothing_is_lost(now=slots[0].undone)


def test_twin_without_the_entry_s_lock_only_the_ledger_keeps_it_to_one(now, monkeypatch):
    slots, _ = _two_slots_and_one_who_waits(now)
    monkeypatch.setattr(find_takers, "_locked", lambda keys: WaitlistEntry.objects.in_bulk(keys))
    monkeypatch.setattr(find_takers, "_able", _together(find_takers._able, 2))

    results = all_at_once(_slot_by_slot(slots), threads=2)

    assert len(offers()) == 1
    assert sum(isinstance(result, IntegrityError) for result in results) == 1


@pytest.mark.parametrize("seconds", [-1, 0])
def test_an_undo_and_the_release_in_the_same_second_are_one_or_the_other(full, seconds):
    full.waits()
    row = full.booked[0]
    full.cancels()
    undo = functools.partial(
        restore,
        account_id=row.booked_by_id,
        reference=row.reference,
        now=full.undone + timedelta(seconds=seconds),
    )

    undone, _ = all_at_once([undo, release(full.undone)], threads=2)

    if isinstance(undone, TooLate):
        # A job passes over what somebody has locked, and comes back to it.
        release_places(now=full.undone)
    row.refresh_from_db()
    if isinstance(undone, TooLate):
        assert (row.status, len(offers())) == ("CANCELLED", 1)
    else:
        assert (row.status, row.place, offers(), seconds) == ("BOOKED", 1, [], -1)
    assert nothing_is_lost(now=full.undone)


@pytest.mark.parametrize("change", ["closed", "fewer"])
def test_a_slot_that_closes_or_shrinks_while_people_answer(now, change):
    full = FullSlot(now, quota=4)
    for _ in range(4):
        full.waits()
    for row in full.booked:
        full.cancels(row)
    release_places(now=full.undone)
    acts = [yes(offer, full.undone) for offer in offers()]
    if change == "closed":
        acts.append(functools.partial(close_slot, slot_id=full.slot.pk, by=None, now=full.undone))
    else:
        acts.append(functools.partial(set_quota, slot_id=full.slot.pk, quota=1, by=None, now=full.undone))

    results = all_at_once(acts, threads=5)

    wrong = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refusal)]
    assert wrong == []
    assert Appointment.objects.live().count() == sum(isinstance(one, AppointmentFacts) for one in results)
    assert nothing_is_lost(now=full.undone)
