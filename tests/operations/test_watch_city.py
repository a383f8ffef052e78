"""Each minute is written down once, whatever runs twice, comes late or is missed; alerts follow the facts."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from booking.models import (
    Alert,
    AppointmentEvent,
    CityMinute,
    DistrictMinute,
    EventKind,
)
from booking.operations.watch_city import KEEP, forget_minutes, watch_city
from tests.desk_factories import make_expected, make_slot_now, make_visit
from tests.factories import (
    CLOCK,
    make_appointment,
    make_district,
    make_site,
    make_slot,
)

pytestmark = pytest.mark.django_db


def at(minutes, seconds=0):
    return CLOCK + timedelta(minutes=minutes, seconds=seconds)


@pytest.fixture
def appointment():
    return make_appointment(make_slot(quota=50))


def happens(appointment, kind, *, moment=CLOCK, times=1):
    for _ in range(times):
        AppointmentEvent.objects.create(appointment=appointment, kind=kind, at=moment)


def minutes(column="booked"):
    return dict(DistrictMinute.objects.order_by("minute").values_list("minute", column))


def kinds():
    return sorted(Alert.objects.filter(ended_at=None).values_list("kind", flat=True))


def test_what_was_before_the_first_minute_is_not_counted(appointment):
    happens(appointment, EventKind.BOOKED, times=3)

    watch_city(now=at(0))

    assert minutes() == {at(0): 0}


def test_a_minute_holds_what_the_ledger_learned_since_the_one_before(appointment):
    watch_city(now=at(0))
    happens(appointment, EventKind.BOOKED, times=3)
    happens(appointment, EventKind.CHECKED_IN, times=2)
    happens(appointment, EventKind.CHECK_IN_UNDONE)
    watch_city(now=at(1, 20))
    # A device without the network tells late: it counts when it comes.
    happens(appointment, EventKind.FULFILLED, moment=at(-60))
    watch_city(now=at(2, 5))

    assert minutes() == {at(0): 0, at(1): 3, at(2): 0}
    assert minutes("checked_in") == {at(0): 0, at(1): 1, at(2): 0}
    assert minutes("fulfilled") == {at(0): 0, at(1): 0, at(2): 1}


def test_running_twice_in_a_minute_counts_everything_once(appointment):
    watch_city(now=at(0))
    happens(appointment, EventKind.BOOKED)
    watch_city(now=at(1, 5))
    happens(appointment, EventKind.BOOKED)

    watch_city(now=at(1, 40))

    assert minutes() == {at(0): 0, at(1): 2}


def test_a_minute_that_was_missed_is_in_the_next_one(appointment):
    watch_city(now=at(0))
    happens(appointment, EventKind.BOOKED, times=4)

    watch_city(now=at(7))

    assert minutes() == {at(0): 0, at(7): 4}


def test_a_booking_that_was_still_being_written_is_found_a_minute_later(appointment):
    for minute in (0, 1):
        watch_city(now=at(minute))
    happens(appointment, EventKind.BOOKED)
    watch_city(now=at(2))
    # As if it had been committed after its minute was counted, with a number from before.
    late = AppointmentEvent.objects.latest("pk").pk
    CityMinute.objects.filter(minute=at(2)).update(last_event=late)
    DistrictMinute.objects.filter(minute=at(2)).update(booked=0)

    watch_city(now=at(3))

    assert minutes()[at(2)] == 1
    assert minutes()[at(3)] == 0


def test_districts_are_apart(appointment):
    other = make_appointment(make_slot(make_site(district=make_district("430104"))))
    watch_city(now=at(0))
    happens(appointment, EventKind.BOOKED, times=2)
    happens(other, EventKind.BOOKED)

    watch_city(now=at(1))

    rows = DistrictMinute.objects.filter(minute=at(1)).values_list("district_id", "booked")
    assert dict(rows) == {"430102": 2, "430104": 1}


def test_who_waits_is_written_down():
    site = make_site()
    for row in make_expected(site, 3):
        make_visit(row, at=at(-5))

    watch_city(now=at(0))

    assert minutes("waiting") == {at(0): 3}


def test_old_minutes_are_dropped(appointment):
    watch_city(now=at(0))

    forget_minutes(now=at(0) + KEEP)
    assert CityMinute.objects.count() == 1
    forget_minutes(now=at(1) + KEEP)

    assert (CityMinute.objects.count(), DistrictMinute.objects.count()) == (0, 0)


def test_it_costs_as_many_statements_for_many_sites_as_for_few(django_assert_max_num_queries):
    for _ in range(30):
        make_slot_now(make_site())
    watch_city(now=at(0))
    cache.delete("city_screen:stock")
    cache.delete("releases:openings")

    with django_assert_max_num_queries(36):
        watch_city(now=at(1))
