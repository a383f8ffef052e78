"""In which order people are asked, how often, and whom nobody asks."""

from datetime import timedelta

import pytest

from booking.models import Message, Offer
from booking.operations.book import book
from booking.operations.releases.pausing import begin_pause
from booking.operations.waitlist.advance_leftovers import advance_leftovers
from booking.operations.waitlist.decline import decline
from sites.models import District
from tests.factories import make_patient, make_programme, make_site, make_slot
from tests.waitlist_factories import Leftovers, asked, pending

pytestmark = pytest.mark.django_db


def _one_after_the_other(leftovers) -> list:
    """Everybody declines, so that everybody is asked in turn."""
    turn = []
    while open_offers := pending():
        (offer,) = open_offers
        turn.append(offer.entry_id)
        decline(account_id=offer.entry.account_id, offer_id=offer.pk, now=leftovers.now)
        advance_leftovers(now=leftovers.now)
    return turn


def test_first_who_named_the_site_then_its_district_then_the_city_from_near_to_far(leftovers):
    far = District.objects.create(code="430181", name="浏阳市", name_en="Liuyang", longitude=113.6, latitude=28.1)
    other = make_site(district=far)
    unknown_home = leftovers.waits(minutes=90, sites=[])
    far_home = leftovers.waits(make_patient(district_code=far.pk), minutes=80, sites=[])
    near_home = leftovers.waits(make_patient(district_code="430102"), minutes=5, sites=[])
    district_late = leftovers.waits(minutes=10, districts=["430102"])
    district_early = leftovers.waits(minutes=70, districts=["430102", far.pk])
    site_late = leftovers.waits(minutes=1)
    site_early = leftovers.waits(minutes=2, sites=[leftovers.site.code, other.code])
    leftovers.waits(minutes=99, sites=[other.code])
    leftovers.waits(minutes=99, districts=[far.pk])

    leftovers.begins()

    order = [site_early, site_late, district_early, district_late, near_home, far_home, unknown_home]
    assert _one_after_the_other(leftovers) == [entry.pk for entry in order]


def test_as_many_are_asked_as_there_are_doses_and_each_is_told_once(leftovers):
    entries = [leftovers.waits(minutes=minutes) for minutes in (9, 8, 7, 6)]

    leftovers.begins(doses=3)
    advance_leftovers(now=leftovers.now)

    assert asked() == {entry.pk for entry in entries[:3]}
    told = Message.objects.filter(kind="LEFTOVER_OFFERED")
    assert {message.account_id for message in told} == {entry.account_id for entry in entries[:3]}
    assert told.count() == 3


def test_what_is_not_answered_in_a_quarter_of_an_hour_goes_to_the_next(leftovers):
    first, second = leftovers.waits(minutes=2), leftovers.waits(minutes=1)
    leftovers.begins()

    advance_leftovers(now=leftovers.now + timedelta(minutes=14, seconds=59))
    assert asked() == {first.pk}
    advance_leftovers(now=leftovers.now + timedelta(minutes=15))
    advance_leftovers(now=leftovers.now + timedelta(minutes=15))

    assert asked() == {second.pk}
    assert Offer.objects.get(entry=first).state == "EXPIRED"


def test_nobody_is_asked_twice_in_a_round_nor_more_than_three_times_a_day(leftovers):
    entry = leftovers.waits()
    for hour in range(4):
        now = leftovers.now + timedelta(hours=hour)
        round_ = leftovers.begins(now=now, until=now + timedelta(minutes=30))
        advance_leftovers(now=now + timedelta(minutes=16))
        advance_leftovers(now=now + timedelta(minutes=31))
        assert Offer.objects.filter(round=round_).count() == (1 if hour < 3 else 0)

    tomorrow = leftovers.now + timedelta(days=1)
    make_slot(leftovers.site, leftovers.programme, starts_at=tomorrow)
    leftovers.begins(now=tomorrow, until=tomorrow + timedelta(minutes=30))
    assert asked() == {entry.pk}


def test_nobody_is_asked_by_two_sites_at_once(leftovers):
    there = Leftovers(leftovers.now, programme=leftovers.programme, site=make_site())
    entry = leftovers.waits(sites=[leftovers.site.code, there.site.code])

    leftovers.begins()
    there.begins()

    assert asked() == {entry.pk}


def test_whoever_cannot_have_it_or_does_not_want_it_today_is_passed_over(leftovers, now):
    elsewhere = Leftovers(leftovers.now, programme=make_programme(), site=leftovers.site)
    elsewhere.waits(minutes=9)
    too_young = leftovers.waits(minutes=9)
    leftovers.waits(minutes=8, takes_leftovers=False)
    removed = leftovers.waits(minutes=7).patient
    has_one = leftovers.waits(minutes=6).patient
    willing = leftovers.waits(minutes=1)
    too_young.patient.birth_date = now.date()
    too_young.patient.save()
    leftovers.programme.min_age = 3
    leftovers.programme.save()
    removed.removed_at = now
    removed.save()
    slot = make_slot(programme=leftovers.programme)
    book(account_id=has_one.user_id, patient_id=has_one.pk, slot_id=slot.pk, request_key="request-1", now=now)

    leftovers.begins(doses=5)

    assert asked() == {willing.pk}


def test_from_nine_in_the_evening_on_nobody_is_asked_and_what_was_asked_runs_out(leftovers):
    first, _second = leftovers.waits(minutes=2), leftovers.waits(minutes=1)
    evening = leftovers.now.replace(hour=20, minute=50)
    leftovers.begins(now=evening, until=leftovers.now.replace(hour=21, minute=30))
    assert asked() == {first.pk}

    advance_leftovers(now=leftovers.now.replace(hour=21, minute=5))

    assert asked() == set()


def test_while_the_city_has_paused_booking_nobody_is_asked(leftovers):
    leftovers.waits()
    leftovers.begins(doses=1)
    decline(account_id=pending()[0].entry.account_id, offer_id=pending()[0].pk, now=leftovers.now)
    leftovers.waits()
    begin_pause(text="演练", text_en="Rehearsal", by=leftovers.supervisor.pk, now=leftovers.now)

    advance_leftovers(now=leftovers.now)

    assert asked() == set()
