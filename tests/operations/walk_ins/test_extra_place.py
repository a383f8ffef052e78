"""A place outside the quota: where it comes from, what is noted, what the gate hears."""

from datetime import timedelta

import pytest
from django.db import transaction

from booking import admission
from booking.models import Slot, SlotEvent, WalkInSource
from booking.operations.quotas.set_quota import close_slot
from booking.operations.refusals import NotFound, SlotClosed, SlotFull
from booking.operations.walk_ins.extra_place import extra_place
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import make_administrator, make_appointment, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def give(slot, source=WalkInSource.KEPT, *, now, claim="walk-in-1", by=None):
    with transaction.atomic():
        given = extra_place(slot.pk, claim, source, by=by, now=now)
        row = make_appointment(given.slot, place=given.place)
        type(row).objects.filter(pk=row.pk).update(claim=claim)
    return given


def keep(slot, count):
    Slot.objects.filter(pk=slot.pk).update(kept_walk_in=count)


def test_a_kept_place_becomes_a_number_above_the_quota_and_one_fewer_is_kept(now):
    slot = make_slot(quota=3)
    keep(slot, 2)

    given = give(slot, now=now)

    slot.refresh_from_db()
    assert (given.place, slot.quota, slot.kept_walk_in) == (4, 4, 1)


def test_a_place_from_elsewhere_leaves_the_kept_ones_alone(now):
    slot = make_slot(quota=3)
    keep(slot, 2)

    give(slot, WalkInSource.LATE, now=now)

    slot.refresh_from_db()
    assert (slot.quota, slot.kept_walk_in) == (4, 2)


def test_what_nobody_booked_is_given_as_it_is(now):
    slot = make_slot(quota=3, starts_at=now)
    for place in (1, 3):
        make_appointment(slot, place=place)

    given = give(slot, WalkInSource.UNBOOKED, now=now)

    slot.refresh_from_db()
    assert (given.place, slot.quota) == (2, 3)


def test_before_the_slot_has_begun_its_places_are_theirs_who_book(now):
    with pytest.raises(SlotFull):
        give(make_slot(quota=3, starts_at=now + timedelta(minutes=1)), WalkInSource.UNBOOKED, now=now)


def test_the_slots_history_says_who_gave_it_and_from_where(now):
    slot, by = make_slot(quota=3), make_administrator()
    keep(slot, 1)

    give(slot, now=now, by=by.pk)

    event = SlotEvent.objects.get(slot=slot)
    assert (event.kind, event.by, event.at) == ("WALK_IN", by, now)
    assert event.facts == {"from": 3, "to": 4, "source": "KEPT", "walk_in": {"from": 1, "to": 0}}


def test_without_a_kept_place_nothing_is_given(now):
    slot = make_slot(quota=3)

    with pytest.raises(SlotFull):
        give(slot, now=now)

    slot.refresh_from_db()
    assert slot.quota == 3


def test_a_closed_slot_gives_none(now):
    slot = make_slot(quota=3)
    close_slot(slot_id=slot.pk, by=None, now=now)

    with pytest.raises(SlotClosed):
        give(slot, WalkInSource.LATE, now=now)


def test_a_slot_that_is_not_there_gives_none(now):
    with pytest.raises(NotFound), transaction.atomic():
        extra_place(0, "walk-in-1", WalkInSource.LATE, by=None, now=now)


def test_the_gate_hears_the_quota_and_whose_the_number_is(now):
    slot = make_slot(quota=3)
    load_slot(slot.pk, now=now)

    give(slot, WalkInSource.LEFTOVER, now=now)

    assert admission.snapshot(slot.pk) == {"walk-in-1": 4}
    assert admission.places_left([slot.pk]) == {slot.pk: 3}
    assert audit(now=now).is_clean


def test_the_gate_hears_nothing_of_what_is_not_committed(now):
    slot = make_slot(quota=3)
    load_slot(slot.pk, now=now)

    with transaction.atomic():
        extra_place(slot.pk, "walk-in-1", WalkInSource.LATE, by=None, now=now)
        transaction.set_rollback(True)

    assert admission.snapshot(slot.pk) == {}
    assert audit(now=now).is_clean


def test_a_slot_that_the_gate_does_not_know_is_loaded_right_later(now):
    slot = make_slot(quota=3)

    give(slot, WalkInSource.LATE, now=now)
    load_slot(slot.pk, now=now)

    assert admission.places_left([slot.pk]) == {slot.pk: 3}
    assert audit(now=now).is_clean
