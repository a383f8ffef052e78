"""What the demonstration city shows on its screen from the first start on: numbers, and alerts of each severity."""

from datetime import timedelta

import pytest
import time_machine

from booking.demo.city_day import leave_things_to_see_to, load_city_day
from booking.demo.programmes import load_programmes
from booking.demo.site_day import make_site_day
from booking.models import Alert, CityMinute, DistrictMinute
from booking.operations.watch_city import watch_city
from booking.queries.city_screen.alerts import open_alerts
from booking.queries.city_screen.counted import counted
from booking.queries.city_screen.screen import screen
from tests.factories import CLOCK, make_administrator, make_district, make_site

pytestmark = pytest.mark.django_db
NOW = CLOCK + timedelta(hours=1)


@time_machine.travel(NOW, tick=False)
def test_it_is_alive_from_the_first_start_on():
    # As in the city: everything of a made-up day follows from the site's code.
    site, _ = make_site(code="43010200101"), make_site(district=make_district("430104"))
    load_programmes()
    assert make_site_day(site=site, day=NOW.date(), now=NOW)
    leave_things_to_see_to(site=site, by=make_administrator(), now=NOW)
    assert load_city_day(now=NOW)

    watch_city(now=NOW)
    shown = screen(counted(now=NOW), open_alerts(), districts=None, now=NOW)

    assert {alert.severity for alert in Alert.objects.filter(ended_at=None)} >= {"red", "orange", "yellow"}
    assert all(figure.value is not None and figure.before is not None for figure in shown.figures)
    assert shown.figures[0].value > 0
    assert shown.check_ins.most > 0
    assert not shown.is_stale


@time_machine.travel(NOW, tick=False)
def test_a_second_run_changes_nothing():
    make_site()
    load_city_day(now=NOW)
    before = DistrictMinute.objects.count(), CityMinute.objects.count()

    assert load_city_day(now=NOW + timedelta(days=1)) is False
    assert (DistrictMinute.objects.count(), CityMinute.objects.count()) == before
