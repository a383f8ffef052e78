"""How full a site is now: on its page and on an appointment of today, only while it has been measured."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from booking.queries.desk.crowding import crowding
from booking.rules.waiting import band, minutes_told
from tests.desk_factories import make_visit
from tests.factories import CLOCK, make_appointment, make_site, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False) as travelled:
        yield travelled


def came(site, count, *, waited=12, minutes_ago=10, **more):
    """So many who came within the hour and were called."""
    called_at = CLOCK - timedelta(minutes=minutes_ago)
    for _ in range(count):
        row = make_appointment(make_slot(site))
        make_visit(row, at=called_at - timedelta(minutes=waited), called_at=called_at, **more)


def page(site, language="zh-hans"):
    client = Client(headers={"Accept-Language": language})
    return client.get(f"/sites/{site.code}/").content.decode()


def test_the_sites_page_says_the_wait_and_how_many_are_there():
    site = make_site()
    came(site, 5)

    assert "大约等 12 分钟 · 候诊 5 人" in page(site)
    assert "现在一般" in page(site)


def test_in_english_it_says_the_same():
    site = make_site()
    came(site, 5)

    assert "about 12 minutes" in page(site, "en")


def test_four_within_the_hour_are_too_few_to_say_anything():
    site = make_site()
    came(site, 4)
    came(site, 3, waited=70)

    assert "大约等" not in page(site)


def test_a_site_whose_day_is_over_says_nothing():
    site = make_site()
    came(site, 8, minutes_ago=50)

    assert crowding(site.pk, now=CLOCK) is None


def test_it_is_measured_at_most_every_twenty_seconds(django_assert_num_queries):
    site = make_site()
    came(site, 5)
    crowding(site.pk, now=CLOCK)

    with django_assert_num_queries(0):
        crowding(site.pk, now=CLOCK)


@pytest.mark.parametrize(
    ("minutes", "word"), [(1, "quiet"), (9, "quiet"), (10, "normal"), (29, "normal"), (30, "busy")]
)
def test_a_word_for_it(minutes, word):
    assert band(minutes) == word


def test_a_wait_of_seconds_is_a_minute_and_two_measured_are_too_few():
    assert minutes_told(20.0, waits=3) == 1
    assert minutes_told(600.0, waits=2) is None


def appointment_page(row):
    client = Client()
    client.force_login(row.booked_by, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(f"/appointments/{row.reference}/").content.decode()


def test_an_appointment_of_today_says_it_and_one_of_another_day_does_not():
    site = make_site()
    came(site, 5)
    today = make_appointment(make_slot(site, starts_at=CLOCK + timedelta(hours=1)))
    later = make_appointment(make_slot(site, starts_at=CLOCK + timedelta(days=1)))

    assert "大约等 12 分钟" in appointment_page(today)
    assert "大约等" not in appointment_page(later)


def test_who_did_not_come_is_told_so_and_how_to_go_on():
    row = make_appointment(make_slot(starts_at=CLOCK - timedelta(hours=3)), status="NO_SHOW")

    shown = appointment_page(row)

    assert "未到" in shown
    assert "重新预约" in shown
