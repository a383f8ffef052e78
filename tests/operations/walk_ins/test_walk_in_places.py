"""How many a site can take today without an appointment, and when."""

from datetime import timedelta

import pytest

from booking.models import Slot, Status, WalkIn
from booking.queries.desk.walk_in_places import walk_in_places
from tests.factories import make_appointment
from tests.operations.walk_ins.scenes import late_people, neighbour, slot_at, staff_of

pytestmark = pytest.mark.django_db


def found(slot, now):
    return [(one.slot_id, one.source.value, one.given_by, one.count) for one in walk_in_places(slot.site_id, now=now)]


def test_kept_places_of_the_running_slot_are_for_now(now):
    slot = slot_at(now, -10, kept=2)

    place = walk_in_places(slot.site_id, now=now)[0]

    assert (place.slot_id, place.source, place.count, place.return_at) == (slot.pk, "KEPT", 2, now)


def test_what_nobody_booked_of_a_slot_that_has_begun_is_for_now_and_goes_first(now):
    slot = slot_at(now, -10, quota=5, kept=1)
    make_appointment(slot, place=1)
    make_appointment(slot, place=4)

    assert found(slot, now) == [(slot.pk, "UNBOOKED", slot.pk, 3), (slot.pk, "KEPT", slot.pk, 1)]


def test_what_nobody_booked_yet_of_a_slot_that_is_ahead_is_theirs_who_book(now):
    assert found(slot_at(now, 1, quota=5), now) == []


def test_those_of_a_later_slot_are_for_when_it_begins(now):
    slot = slot_at(now, 90, kept=1)

    assert walk_in_places(slot.site_id, now=now)[0].return_at == slot.starts_at


def test_the_soonest_comes_first(now):
    later = slot_at(now, 90, kept=1)
    running = neighbour(later, now, -10, kept=1)

    assert [one.slot_id for one in walk_in_places(later.site_id, now=now)] == [running.pk, later.pk]


def test_what_a_slot_kept_is_gone_when_it_is_over(now):
    assert found(slot_at(now, -60, kept=3), now) == []


def test_another_day_another_site_and_a_closed_slot_give_nothing(now):
    slot = slot_at(now, 30)
    neighbour(slot, now, 24 * 60, kept=3)
    slot_at(now, 30, kept=3)
    closed = neighbour(slot, now, 60, kept=3)
    Slot.objects.filter(pk=closed.pk).update(closed_at=now)

    assert found(slot, now) == []


def test_whoever_is_half_an_hour_late_leaves_a_place_in_the_slot_that_is_running(now):
    morning = slot_at(now, -60)
    running = neighbour(morning, now, -10)
    late_people(morning, 2)

    assert found(morning, now) == [(running.pk, "LATE", morning.pk, 2)]


def test_whoever_is_less_late_does_not(now):
    morning = slot_at(now, -59)
    neighbour(morning, now, -10)
    late_people(morning, 2)

    assert found(morning, now) == []


def test_whoever_is_there_does_not_and_a_no_show_does(now):
    morning = slot_at(now, -60)
    make_appointment(morning, place=1, status=Status.CHECKED_IN)
    make_appointment(morning, place=2, status=Status.NO_SHOW)
    make_appointment(morning, place=None, status=Status.CANCELLED)

    assert [one.count for one in walk_in_places(morning.site_id, now=now)] == [1]


def test_places_of_late_people_that_were_given_are_given(now):
    morning = slot_at(now, -60)
    running = neighbour(morning, now, -10)
    late_people(morning, 2)
    taken, by = make_appointment(running), staff_of(morning.site)
    WalkIn.objects.create(appointment=taken, slot=morning, source="LATE", return_at=now, by=by, at=now)

    assert [one.count for one in walk_in_places(morning.site_id, now=now)] == [1]


def test_a_city_may_keep_late_peoples_places_for_them(now, settings):
    settings.LATE_PLACES_TO_WALK_INS = False
    morning = slot_at(now, -60)
    late_people(morning, 2)

    assert found(morning, now) == []


def test_after_the_last_slot_late_peoples_places_are_still_for_now(now):
    last = slot_at(now, -60)
    late_people(last, 1)

    place = walk_in_places(last.site_id, now=now)[0]

    assert (place.slot_id, place.return_at) == (last.pk, now)


def test_in_the_lunch_break_they_are_for_the_afternoon(now):
    morning = slot_at(now, -60)
    afternoon = neighbour(morning, now, 120)
    late_people(morning, 1)

    place = walk_in_places(morning.site_id, now=now)[0]

    assert (place.slot_id, place.return_at) == (afternoon.pk, now + timedelta(minutes=120))
