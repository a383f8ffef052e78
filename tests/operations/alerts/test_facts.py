"""The facts of a minute call for alerts, and end them."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest

from booking.models import Alert, Appointment, DeskDevice, Reaction, Slot, Status, VisitStatus
from booking.operations import count_tries
from booking.operations.book import book
from booking.operations.refusals import Busy, SlotFull
from booking.operations.watch_city import watch_city
from tests.desk_factories import make_batch, make_expected, make_slot_now, make_visit
from tests.factories import (
    CLOCK,
    make_administrator,
    make_appointment,
    make_figure,
    make_programme,
    make_site,
    make_slot,
)

pytestmark = pytest.mark.django_db


def at(minutes, seconds=0):
    return CLOCK + timedelta(minutes=minutes, seconds=seconds)


def kinds():
    return sorted(Alert.objects.filter(ended_at=None).values_list("kind", flat=True))


def test_nobody_checks_in_although_many_are_due():
    site = make_site()
    expected = make_expected(site, 11)
    watch_city(now=at(0))
    assert kinds() == ["no_check_in"]

    make_visit(expected[0], at=at(0, 30))
    watch_city(now=at(1))

    assert kinds() == []


def test_too_many_did_not_come():
    slot = make_slot_now(minutes=-150, quota=20)
    for n in range(1, 21):
        make_appointment(slot, place=n, status=Status.NO_SHOW if n <= 4 else Status.FULFILLED)

    watch_city(now=at(0))

    alert = Alert.objects.get()
    assert (alert.kind, alert.number, alert.site) == ("no_shows", 20, slot.site)


def test_a_long_queue_and_a_single_forgotten_person():
    busy, quiet = make_site(), make_site()
    for site, count in ((busy, 3), (quiet, 2)):
        for row in make_expected(site, count):
            make_visit(row, at=at(-50))

    watch_city(now=at(0))

    alert = Alert.objects.get()
    assert (alert.kind, alert.number, alert.site) == ("long_wait", 50, busy)


def test_devices_without_the_network_while_the_site_is_open():
    somebody, is_open, is_closed = make_administrator(), make_site(), make_site()
    make_slot_now(is_open)
    for site in (is_open, is_closed):
        for ago in (1, 11):
            DeskDevice.objects.create(id=uuid4(), site=site, user=somebody, seen_at=at(-ago))

    watch_city(now=at(0))

    alert = Alert.objects.get()
    assert (alert.kind, alert.number, alert.facts["devices"], alert.site) == ("devices_offline", 1, 2, is_open)


def test_two_reactions_at_a_site():
    site, somebody = make_site(), make_administrator()
    for row in make_expected(site, 2):
        visit = make_visit(row, status=VisitStatus.IN_PROGRESS, at=at(-30))
        Reaction.objects.create(visit=visit, kind="rash", action="watched", began_at=at(-5), by=somebody, at=at(-4))

    watch_city(now=at(0))

    assert kinds() == ["reactions"]


def test_doses_that_are_missing_for_today_and_tomorrow():
    site, programme = make_site(), make_programme()
    make_batch(site, programme.vaccine, left=10)
    make_figure(site, programme, CLOCK.date(), quota=9, taken=9, fulfilled=3)
    make_figure(site, programme, CLOCK.date() + timedelta(days=1), quota=9, taken=7)
    # Somebody who keeps no stock here is not short of it.
    make_figure(make_site(), programme, CLOCK.date(), quota=99, taken=90)

    watch_city(now=at(0))

    alert = Alert.objects.get()
    assert (alert.kind, alert.number, alert.site) == ("stock_short", 3, site)


def test_a_district_that_is_full_for_three_days():
    site, programme = make_site(), make_programme()
    for n in range(3):
        make_figure(site, programme, CLOCK.date() + timedelta(days=n), quota=8, taken=8)

    watch_city(now=at(0))

    assert (kinds(), Alert.objects.get().district) == (["district_full"], site.district)


def test_a_release_within_ten_minutes():
    slot = make_slot(quota=30, opens_at=at(8))
    Slot.objects.filter(pk=slot.pk).update(starts_at=at(60 * 24), ends_at=at(60 * 24 + 30))

    watch_city(now=at(0))

    alert = Alert.objects.get()
    assert (alert.kind, alert.number, alert.facts["places"]) == ("release_soon", 8, 30)


def test_bookings_that_get_no_answer_are_counted_and_refusals_are_answers():
    count_tries.forget_tries()

    @count_tries.counts_tries
    def attempt(*, now, outcome):
        if outcome:
            raise outcome

    for outcome in [None] * 10 + [SlotFull()] * 10 + [Busy()] * 2:
        count_tries._tally._added_at = 0.0
        with suppress(SlotFull, Busy):
            attempt(now=at(-1), outcome=outcome)
    watch_city(now=at(0))

    assert count_tries.tries_in(at(-1)) == (22, 2)
    alert = Alert.objects.get()
    assert (alert.kind, alert.number, alert.facts) == ("booking_errors", 9, {"tries": 22, "errors": 2})


def test_a_real_booking_counts_as_a_try():
    count_tries.forget_tries()
    slot = make_slot()
    patient = make_appointment(make_slot()).patient

    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="key", now=CLOCK)

    assert count_tries.tries_in(CLOCK) == (1, 0)
    assert Appointment.objects.filter(slot=slot).exists()
