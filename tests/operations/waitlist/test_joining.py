"""Joining and leaving the waitlist."""

from datetime import timedelta

import pytest

from booking.models import Offer, WaitlistEntry
from booking.operations.book import book
from booking.operations.delete_account import delete_account
from booking.operations.refusals import AlreadyBooked, NotEligible, NotFound
from booking.operations.waitlist.forget import end_entries, forget_entries
from booking.operations.waitlist.join import join
from booking.operations.waitlist.leave import leave
from booking.operations.waitlist.refusals import AlreadyWaiting
from booking.queries.waitlist import entries_of
from tests.factories import make_citizen, make_patient, make_slot
from tests.waitlist_factories import asked

pytestmark = pytest.mark.django_db


def test_joining_again_changes_the_wish_and_keeps_the_turn(leftovers):
    patient = make_patient()
    first = leftovers.waits(patient, minutes=50)

    again = leftovers.waits(patient, districts=[leftovers.site.district_id], until=3)

    assert again.pk == first.pk
    assert again.joined_at == first.joined_at
    assert [row.pk for row in again.sites.all()] == []
    assert [row.pk for row in again.districts.all()] == [leftovers.site.district_id]
    assert again.until == leftovers.now.date() + timedelta(days=3)


def test_a_person_waits_once_whichever_account_asked(leftovers):
    patient = make_patient()
    leftovers.waits(patient)

    with pytest.raises(AlreadyWaiting):
        leftovers.waits(make_patient(person=patient.person))


def test_whom_another_account_has_removed_is_free_to_wait_by_their_own(leftovers):
    patient = make_patient()
    left_over = leftovers.waits(patient)
    patient.removed_at = leftovers.now
    patient.save()

    leftovers.waits(make_patient(person=patient.person))

    left_over.refresh_from_db()
    assert left_over.ended_at == leftovers.now


def test_nobody_waits_for_what_is_not_for_them_or_what_they_have_booked(leftovers, now):
    leftovers.programme.min_age = 60
    leftovers.programme.save()
    with pytest.raises(NotEligible):
        leftovers.waits()

    leftovers.programme.min_age = 0
    leftovers.programme.save()
    _sees_the_change()
    patient, slot = make_patient(), make_slot(programme=leftovers.programme)
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="request-1", now=now)
    with pytest.raises(AlreadyBooked):
        leftovers.waits(patient)


def _sees_the_change():
    from django.core.cache import cache

    from sites.kept import Kept

    cache.clear()
    Kept.forget_all()


@pytest.mark.parametrize("days", [-1, 29])
def test_nobody_waits_into_the_past_or_longer_than_four_weeks(leftovers, days):
    with pytest.raises(ValueError, match="not a day"):
        leftovers.waits(until=days)


def test_only_ones_own_people_and_places_that_there_are(leftovers):
    patient = make_patient()

    with pytest.raises(NotFound):
        leftovers.waits(patient, sites=["nowhere"])
    with pytest.raises(NotFound):
        leftovers.waits(patient, districts=["000000"])
    with pytest.raises(NotFound):
        join(
            account_id=make_citizen().pk,
            patient_id=patient.pk,
            programme=leftovers.programme.code,
            until=leftovers.now.date(),
            now=leftovers.now,
        )
    assert not WaitlistEntry.objects.exists()


def test_leaving_declines_what_is_offered_and_a_second_time_changes_nothing(leftovers):
    entry = leftovers.waits()
    leftovers.begins()

    for _ in range(2):
        leave(account_id=entry.account_id, entry_id=entry.pk, now=leftovers.now)

    entry.refresh_from_db()
    assert entry.ended_at == leftovers.now
    assert Offer.objects.get().state == "DECLINED"
    assert entries_of(entry.account_id, now=leftovers.now) == []


def test_nobody_leaves_for_somebody_else(leftovers):
    entry = leftovers.waits()

    with pytest.raises(NotFound):
        leave(account_id=make_citizen().pk, entry_id=entry.pk, now=leftovers.now)


def test_a_deleted_account_waits_for_nothing(leftovers):
    entry = leftovers.waits()
    leftovers.begins()
    assert asked() == {entry.pk}

    delete_account(account_id=entry.account_id, cancel_appointments=False, now=leftovers.now)

    person, (entry,) = entry.person, WaitlistEntry.objects.all()
    assert entry.ended_at == leftovers.now
    assert entry.person != person
    assert asked() == set()


def test_wishes_end_when_their_last_day_is_over_or_the_person_has_a_place(leftovers, now):
    waiting, over, has_one = leftovers.waits(), leftovers.waits(until=0), leftovers.waits()
    patient, slot = has_one.patient, make_slot(programme=leftovers.programme)
    later = leftovers.now + timedelta(minutes=1)
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="request-1", now=later)

    end_entries(now=now + timedelta(days=1))

    assert set(WaitlistEntry.objects.filter(ended_at=None)) == {waiting}
    assert set(WaitlistEntry.objects.exclude(ended_at=None)) == {over, has_one}


def test_ended_wishes_are_deleted_after_four_weeks_with_their_offers(leftovers):
    waiting, gone = leftovers.waits(minutes=1), leftovers.waits(minutes=2)
    leftovers.begins()
    leave(account_id=gone.account_id, entry_id=gone.pk, now=leftovers.now)

    assert forget_entries(now=leftovers.now + timedelta(days=28)) == 0
    assert forget_entries(now=leftovers.now + timedelta(days=28, seconds=1)) == 1
    assert list(WaitlistEntry.objects.all()) == [waiting]
    assert not Offer.objects.exists()
