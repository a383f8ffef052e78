"""Answers to an offered place, and none."""

from datetime import timedelta

import pytest
from django.utils import timezone

from booking import admission
from booking.models import Appointment, Message, WaitlistEntry
from booking.notifications import words
from booking.operations.freed_places.release_places import release_places
from booking.operations.refusals import AlreadyBooked, NotEligible, NotFound
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.leave import leave
from booking.operations.waitlist.refusals import OfferGone
from tests.factories import make_citizen, make_family, make_patient, make_slot
from tests.freed_factories import FullSlot, asked, kept, nothing_is_lost, offers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full(now):
    return FullSlot(now)


def yes(offer, now):
    return accept(account_id=offer.entry.account_id, offer_id=offer.pk, now=now)


def no(offer, now):
    return decline(account_id=offer.entry.account_id, offer_id=offer.pk, now=now)


def test_accepting_gives_the_number_and_ends_the_wish(full):
    entry = full.waits()
    full.frees()

    facts = yes(offers()[0], full.undone)

    row = Appointment.objects.get(reference=facts.reference)
    assert (row.slot_id, row.place, row.patient_id, row.status) == (full.slot.pk, 1, entry.patient_id, "BOOKED")
    full.booked[0].refresh_from_db()
    assert (full.booked[0].place, full.booked[0].kept_for_id) == (None, None)
    entry.refresh_from_db()
    assert entry.ended_at == full.undone
    assert Message.objects.filter(kind="BOOKED", appointment=row).count() == 1
    assert admission.snapshot(full.slot.pk) == {row.claim: 1}
    assert nothing_is_lost(now=full.undone)


def test_accepting_twice_is_the_same_appointment(full):
    full.waits()
    full.frees()
    offer = offers()[0]

    assert yes(offer, full.undone).reference == yes(offer, full.undone + timedelta(hours=2)).reference


def test_declining_asks_the_next_at_once_and_keeps_the_turn(full):
    first, second = full.waits(minutes=2), full.waits(minutes=1)
    full.frees()
    offer = offers()[0]
    assert offer.entry_id == first.pk

    for _ in range(2):
        assert no(offer, full.undone).state == "declined"

    assert asked() == [second.pk]
    assert WaitlistEntry.objects.get(pk=first.pk).ended_at is None
    assert nothing_is_lost(now=full.undone)


def test_without_an_answer_it_goes_on_and_the_answer_comes_too_late(full):
    _, second = full.waits(minutes=2), full.waits(minutes=1)
    full.frees()
    offer, late = offers()[0], full.undone + timedelta(minutes=30)

    with pytest.raises(OfferGone) as gone:
        yes(offer, late)
    assert gone.value.facts["reason"] == "expired"
    release_places(now=late)

    assert asked() == [second.pk]
    with pytest.raises(OfferGone) as gone:
        yes(offer, late)
    assert gone.value.facts["reason"] == "expired"


def test_declined_by_all_it_goes_to_everybody_after_the_delay(full, settings):
    settings.FREED_PLACE_DELAY_MINUTES = 15
    full.waits()
    full.frees()

    no(offers()[0], full.undone)
    assert admission.places_left([full.slot.pk]) == {full.slot.pk: 0}
    release_places(now=full.undone + timedelta(minutes=15))

    assert admission.places_left([full.slot.pk]) == {full.slot.pk: 1}
    assert asked() == []


def test_whoever_has_booked_elsewhere_is_refused_and_it_goes_on(full):
    first, second = full.waits(minutes=2), full.waits(minutes=1)
    full.frees()
    offer = offers()[0]
    full.books(first.patient, slot=make_slot(full.site, full.programme))

    with pytest.raises(AlreadyBooked):
        yes(offer, full.undone)

    assert asked() == [second.pk]
    assert nothing_is_lost(now=full.undone)


def test_whoever_may_not_have_it_any_more_is_refused_and_it_goes_on(full):
    full.waits(minutes=2)
    full.frees()
    full.programme.min_age = 60
    full.programme.save()
    from booking.queries.slot_facts import forget_slot_facts

    forget_slot_facts()
    old = full.waits(make_patient(birth_date=full.now.date().replace(year=1950)))
    with pytest.raises(NotEligible):
        yes(offers()[0], full.undone)

    assert asked() == [old.pk]


def test_leaving_the_list_passes_on_what_is_offered(full):
    first, second = full.waits(minutes=2), full.waits(minutes=1)
    full.frees()

    leave(account_id=first.account_id, entry_id=first.pk, now=full.undone)

    assert asked() == [second.pk]


def test_nobody_answers_for_somebody_else(full):
    full.waits()
    full.frees()
    stranger = make_citizen()

    for answer in (accept, decline):
        with pytest.raises(NotFound):
            answer(account_id=stranger.pk, offer_id=offers()[0].pk, now=full.undone)


def test_a_family_gets_its_places_together(now):
    full = FullSlot(now, quota=3)
    mother, father, child = make_family(3)
    entry = full.waits(mother, companions=[father.pk, child.pk])
    for row in full.booked:
        full.cancels(row)
    release_places(now=full.undone)
    offer = offers()[0]
    assert (offer.entry_id, kept(offer)) == (entry.pk, [1, 2, 3])

    facts = yes(offer, full.undone)

    live = Appointment.objects.live().filter(slot=full.slot)
    assert facts.patient_id == mother.pk
    assert {row.patient_id for row in live} == {mother.pk, father.pk, child.pk}
    assert sorted(row.place for row in live) == [1, 2, 3]
    assert Message.objects.filter(kind="BOOKED", appointment__in=live).count() == 3
    assert nothing_is_lost(now=full.undone)


def test_the_place_of_somebody_who_no_longer_comes_along_goes_on(now):
    full = FullSlot(now, quota=2)
    mother, child = make_family(2)
    full.waits(mother, minutes=1, companions=[child.pk])
    for row in full.booked:
        full.cancels(row)
    release_places(now=full.undone)
    alone = full.waits()
    child.removed_at = full.undone
    child.save()

    yes(offers()[0], full.undone)

    assert Appointment.objects.live().filter(slot=full.slot).count() == 1
    assert asked() == [alone.pk]
    assert nothing_is_lost(now=full.undone)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "有号了：11月27日 09:00 "),
        ("en", "a place is free on 27 Nov 09:00 at "),
    ],
)
def test_the_message_says_when_where_and_how_to_answer(full, settings, language, said):
    settings.PUBLIC_ADDRESS = "https://booking.example"
    citizen = make_citizen(language=language)
    full.waits(make_patient(citizen))
    full.frees()

    text = words(Message.objects.get(kind="PLACE_OFFERED"))

    assert said in text
    assert f"https://booking.example/waitlist/offers/{offers()[0].pk}/" in text
    by = timezone.localtime(offers()[0].expires_at).strftime("%H:%M")
    assert f"请在 {by} 前回复 1 要、0 不要" in text or f"By {by}, reply 1 to take it or 0 to let it go" in text
