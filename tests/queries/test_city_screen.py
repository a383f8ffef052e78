"""The city's numbers: added up by district, compared with a week ago, counted once for everybody who looks."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from booking.models import Alert, AppointmentEvent, CityMinute, DistrictMinute
from booking.queries.city_screen.alerts import open_alerts
from booking.queries.city_screen.counted import KEEP, counted
from booking.queries.city_screen.screen import screen
from sites.scope import Scope
from tests.desk_factories import make_expected, make_visit
from tests.factories import (
    CLOCK,
    make_administrator,
    make_appointment,
    make_district,
    make_figure,
    make_programme,
    make_site,
    make_slot,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def shown(*, districts=None, chosen="", now=CLOCK):
    return screen(counted(now=now), open_alerts(), districts=districts, chosen=chosen, now=now)


def figures(screen):
    return {figure.name: (figure.value, figure.before) for figure in screen.figures}


def a_minute(district, moment=CLOCK, **counts):
    DistrictMinute.objects.create(minute=moment, district=district, **counts)


@pytest.fixture
def told():
    CityMinute.objects.create(minute=CLOCK, last_event=0)


def test_today_is_compared_with_a_week_ago_at_this_time(told):
    district = make_district()
    a_minute(district, booked=30, checked_in=45, fulfilled=40, no_show=5)
    a_minute(district, CLOCK - timedelta(days=1), booked=999)
    a_minute(district, CLOCK - WEEK, booked=20, checked_in=40, leftover=3)
    a_minute(district, CLOCK - WEEK + timedelta(minutes=1), booked=500)

    found = shown()

    assert figures(found) == {
        "booked": (30, 20), "checked_in": (45, 40), "fulfilled": (40, 0), "no_shows": (10.0, 0.0), "leftovers": (0, 3),
    }  # fmt: skip
    assert [figure.difference for figure in found.figures] == [50, 12, None, 10.0, -100]


def test_what_happened_since_the_last_minute_is_in_it(told):
    appointment = make_appointment(make_slot())
    AppointmentEvent.objects.create(appointment=appointment, kind="BOOKED", at=CLOCK)

    assert figures(shown())["booked"] == (1, None)


def test_a_district_sees_its_own_numbers_tiles_and_sites_only(told):
    here, there = make_site(), make_site(district=make_district("430104"))
    a_minute(here.district, booked=3)
    a_minute(there.district, booked=70)

    found = shown(districts=[here.district_id], chosen=there.district_id)

    assert figures(found)["booked"] == (3, None)
    assert [tile.code for tile in found.tiles] == [here.district_id]
    assert found.chosen is None


def test_tiles_say_how_full_the_next_seven_days_are(told):
    site, empty, programme = make_site(), make_site(district=make_district("430104")), make_programme()
    for days, taken in ((0, 10), (6, 7), (7, 0)):
        make_figure(site, programme, CLOCK.date() + timedelta(days=days), quota=10, taken=taken)

    tiles = {tile.code: (tile.percent, tile.look) for tile in shown().tiles}

    assert tiles == {site.district_id: (85, "high"), empty.district_id: (None, "none")}


def test_sites_that_want_attention_stand_first(told):
    calm, waiting, alarmed = make_site(), make_site(), make_site()
    for row in make_expected(waiting, 3):
        make_visit(row, at=CLOCK - timedelta(minutes=20))
    Alert.objects.create(kind="reactions", site=alarmed, district=alarmed.district, began_at=CLOCK, number=2)

    sites = shown(chosen=calm.district_id).chosen.sites

    assert [site.code for site in sites] == [alarmed.code, waiting.code, calm.code]
    assert [(site.waiting, site.waited_minutes, site.alerts) for site in sites] == [(0, 0, 1), (3, 20, 0), (0, 0, 0)]


def test_charts_are_of_the_last_hour_and_by_quarters(told):
    district = make_district()
    a_minute(district, booked=7, waiting=12, checked_in=2)
    a_minute(district, CLOCK - timedelta(minutes=20), checked_in=4)

    found = shown()

    assert (found.bookings.latest, found.bookings.most, len(found.bookings.bars)) == (7, 7, 60)
    assert found.queue.latest == 12
    assert [bar.value for bar in found.check_ins.bars[-3:]] == [4, 0, 2]
    assert found.check_ins.bars[-1].label == "10:00"


def test_minutes_that_were_missed_share_what_the_next_one_holds(told):
    district = make_district()
    a_minute(district, booked=10, waiting=5)
    a_minute(district, CLOCK - timedelta(minutes=4), booked=3, waiting=6)

    found = shown()

    assert [bar.value for bar in found.bookings.bars[-6:]] == [None, 3, 2, 2, 2, 4]
    assert [bar.value for bar in found.queue.bars[-6:]] == [None, 6, None, None, None, 5]


def test_numbers_that_have_stopped_say_so(told):
    assert not shown(now=CLOCK + timedelta(minutes=3)).is_stale
    assert shown(now=CLOCK + timedelta(minutes=4)).is_stale
    assert shown(now=CLOCK + timedelta(minutes=4)).told_at == CLOCK


def test_without_any_minute_there_are_no_numbers_yet():
    found = shown()

    assert (found.told_at, found.is_stale) == (None, True)


def test_twenty_screens_cost_one_counting(told, django_assert_num_queries):
    make_site()
    counted(now=CLOCK)

    with django_assert_num_queries(0):
        for second in range(KEEP):
            for _ in range(20):
                counted(now=CLOCK + timedelta(seconds=second))
    with django_assert_num_queries(9):
        counted(now=CLOCK + timedelta(seconds=KEEP))


def test_while_it_is_counted_anew_others_get_what_there_was(told):
    first = counted(now=CLOCK)
    cache.add("city_screen:counted:counting", 1, 10)

    assert counted(now=CLOCK + timedelta(seconds=KEEP)).counted_at == first.counted_at


def test_alerts_stand_by_severity_and_age_and_those_at_rest_apart():
    site, somebody = make_site(), make_administrator()
    for n, (kind, severity) in enumerate(
        [("devices_offline", "yellow"), ("reactions", "red"), ("long_wait", "orange"), ("no_check_in", "red")]
    ):
        Alert.objects.create(
            kind=kind, severity=severity, site=site, district=site.district, place=f"site {site.pk}",
            began_at=CLOCK - timedelta(minutes=n),
        )  # fmt: skip
    Alert.objects.filter(kind="long_wait").update(handled_by=somebody, handled_at=timezone.now())

    found = open_alerts()

    assert [alert.kind for alert in found.waiting] == ["no_check_in", "reactions", "devices_offline"]
    assert [alert.kind for alert in found.at_rest] == ["long_wait"]
    assert found.counts == [("red", 2), ("orange", 0), ("yellow", 1)]


def test_alerts_of_a_scope_are_one_statement(django_assert_num_queries):
    site, other = make_site(), make_site(district=make_district("430104"))
    for place in (site, other):
        Alert.objects.create(
            kind="long_wait", site=place, district=place.district, place=f"site {place.pk}", began_at=CLOCK
        )
    Alert.objects.create(kind="booking_errors", began_at=CLOCK)

    with django_assert_num_queries(1):
        own = open_alerts(scope=Scope(False, frozenset([site.district_id])))
        assert [str(alert.site) for alert in own.waiting] == [site.name]
    assert len(open_alerts(scope=Scope(True)).waiting) == 3
