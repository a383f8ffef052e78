"""Who on the waitlist is asked about a freed place, and in which order."""

from datetime import date, timedelta

import pytest

from booking.models import Draw, DrawEntry, DrawState, Offer, OfferState, Status, WaitlistEntry
from booking.operations.freed_places.release_places import release_places
from booking.operations.waitlist.decline import decline
from booking.queries.waitlist_line import before
from tests.factories import (
    make_appointment,
    make_citizen,
    make_district,
    make_family,
    make_patient,
    make_programme,
    make_site,
    make_slot,
    make_two_dose_programme,
)
from tests.freed_factories import FullSlot, asked, offers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full(now):
    """On Friday 27 November at 9:00."""
    return FullSlot(now)


def test_whoever_joined_first_is_asked_first(full):
    full.waits(minutes=1)
    first = full.waits(minutes=2)

    full.frees()

    assert asked() == [first.pk]


@pytest.mark.parametrize(
    "wish",
    [
        {"days": [1, 6]},
        {"parts_of_day": ["afternoon"]},
        {"until": 2},
        {"takes_places": False},
        {"sites": True},
        {"districts": True},
    ],
    ids=lambda wish: next(iter(wish)),
)
def test_whose_wish_it_is_not_is_passed_over(full, wish):
    if "sites" in wish:
        wish = {"sites": [make_site().code]}
    if "districts" in wish:
        wish = {"districts": [make_district("430103").code]}
    takes_places = wish.pop("takes_places", True)
    other = full.waits(minutes=2, **wish)
    WaitlistEntry.objects.filter(pk=other.pk).update(takes_places=takes_places)
    wanted = full.waits(minutes=1, sites=[full.site.code], days=[5], parts_of_day=["morning"], until=3)

    full.frees()

    assert asked() == [wanted.pk]


def test_the_district_of_the_site_is_enough(full):
    entry = full.waits(districts=[full.site.district_id])

    full.frees()

    assert asked() == [entry.pk]


def test_another_programme_s_waitlist_is_not_asked(full, now):
    FullSlot(now).waits()

    full.frees()

    assert asked() == []


def test_a_group_is_asked_about_enough_places_or_not_at_all_and_smaller_ones_are_not_kept_waiting(now):
    full = FullSlot(now, quota=3)
    mother, *others = make_family(3)
    together = full.waits(mother, minutes=9, companions=[one.pk for one in others])
    alone = full.waits(minutes=1)

    full.frees(full.booked[0])
    assert asked() == [alone.pk]
    for row in full.booked[1:]:
        full.cancels(row)
    release_places(now=full.undone)
    assert asked() == [alone.pk]

    decline(account_id=alone.account_id, offer_id=offers()[0].pk, now=full.undone)
    assert asked() == []
    assert together.ended_at is None


def test_a_group_is_not_asked_if_one_of_them_may_not_have_it(now):
    programme = make_programme(max_age=60)
    full = FullSlot(now, quota=2, programme=programme)
    mother, old = make_family(2)
    full.waits(mother, minutes=9, companions=[old.pk])
    old.birth_date = date(1960, 1, 1)
    old.save()
    alone = full.waits()

    for row in full.booked:
        full.cancels(row)
    release_places(now=full.undone)

    assert asked() == [alone.pk]


def test_whoever_is_being_asked_or_has_been_asked_about_this_slot_is_passed_over(now):
    full = FullSlot(now, quota=2)
    first, second = full.waits(minutes=2), full.waits(minutes=1)
    full.frees(full.booked[0])
    full.frees(full.booked[1])
    assert set(asked()) == {first.pk, second.pk}

    asked_first = next(offer for offer in offers() if offer.entry_id == first.pk)
    decline(account_id=first.account_id, offer_id=asked_first.pk, now=full.undone)

    # Neither the one who has just said no, nor the one who is thinking about the other place.
    assert asked() == [second.pk]


def test_nobody_is_asked_more_than_three_times_a_day(full, now):
    entry = full.waits()
    for hour in (7, 8, 9):
        Offer.objects.create(
            entry=entry,
            site=full.site,
            slot=make_slot(full.site, full.programme),
            state=OfferState.EXPIRED,
            made_at=now.replace(hour=hour),
            expires_at=now.replace(hour=hour),
        )

    full.frees()
    assert asked() == []

    Offer.objects.filter(made_at=now.replace(hour=7)).update(made_at=now - timedelta(days=1))
    full.booked[0].refresh_from_db()
    full.frees(full.books())
    assert asked() == [entry.pk]


def test_whoever_has_booked_meanwhile_is_passed_over(full):
    entry = full.waits()
    full.books(entry.patient, slot=make_slot(full.site, full.programme))

    full.frees()

    assert asked() == []


@pytest.fixture
def ordered(now):
    def make(*order, **programme):
        made = make_two_dose_programme(waitlist_order=list(order), **programme)
        return FullSlot(now, programme=made, starts_at=(now + timedelta(days=40)).replace(hour=9))

    return make


def _second_dose(full):
    patient = make_patient()
    row = make_appointment(make_slot(full.site, full.programme, starts_at=full.now - timedelta(days=60)))
    type(row).objects.filter(pk=row.pk).update(status=Status.FULFILLED, person=patient.person)
    return patient


def _lost_a_draw(full):
    patient = make_patient()
    draw = Draw.objects.create(
        programme=full.programme,
        name="摇号",
        name_en="Draw",
        opens_at=full.now - timedelta(days=9),
        closes_at=full.now - timedelta(days=8),
        first_day=full.now.date(),
        last_day=full.now.date(),
        public_source="-",
        public_source_en="-",
        seed="00",
        commitment="00",
        state=DrawState.DRAWN,
        made_by=make_citizen(),
        made_at=full.now,
    )
    DrawEntry.objects.create(
        draw=draw, account=patient.user, patient=patient, person=patient.person, code="A1", entered_at=full.now, rank=9
    )
    return patient


WHO = {
    "second_dose": _second_dose,
    "age_60": lambda full: make_patient(birth_date=full.now.date().replace(year=1966)),
    "child": lambda full: make_patient(birth_date=full.now.date().replace(year=2010)),
    "lost_draw": _lost_a_draw,
}


@pytest.mark.parametrize("name", list(WHO))
def test_the_programme_says_who_comes_first(ordered, name):
    full = ordered(name)
    full.waits(minutes=9, until=28)
    chosen = WaitlistEntry.objects.get(pk=full.waits(WHO[name](full), until=28).pk)
    WaitlistEntry.objects.update(until=full.slot.starts_at)

    full.frees()

    assert asked() == [chosen.pk]


def test_of_two_that_come_first_the_more_important_one_does_and_among_equals_the_earlier(ordered):
    full = ordered("age_60", "child")
    earlier = full.waits(minutes=9, until=28)
    child = full.waits(WHO["child"](full), minutes=5, until=28)
    late = full.waits(WHO["age_60"](full), minutes=1, until=28)
    later = full.waits(WHO["age_60"](full), until=28)
    WaitlistEntry.objects.update(until=full.slot.starts_at)

    line = before([earlier.pk, child.pk, late.pk, later.pk], now=full.now)
    full.frees()

    assert asked() == [late.pk]
    assert line == {late.pk: 0, later.pk: 1, child.pk: 2, earlier.pk: 3}


def test_how_many_come_before_somebody_counts_only_wishes_that_meet(full):
    far = make_district("430103")
    full.waits(minutes=9, districts=[far.code])
    full.waits(minutes=8, days=[1])
    full.waits(minutes=7, sites=[full.site.code])
    full.waits(minutes=6)
    mine = full.waits(minutes=5, districts=[full.site.district_id], days=[5, 6])
    full.waits(minutes=4)

    assert before([mine.pk], now=full.now) == {mine.pk: 2}
