"""Facts begin and end alerts: one for a kind and place, however often they are told."""

from datetime import timedelta

import pytest

from booking.models import Alert
from booking.operations.alerts.keep import keep_alerts
from booking.rules.alerts import DISTRICT_FULL, LONG_WAIT, MESSAGES_NOT_SENT, REACTIONS, Found
from tests.factories import CLOCK, make_administrator, make_site

pytestmark = pytest.mark.django_db
KINDS = [LONG_WAIT, REACTIONS, DISTRICT_FULL]


def keep(*found, minutes=0):
    return keep_alerts(found, kinds=KINDS, now=CLOCK + timedelta(minutes=minutes))


def test_what_the_facts_call_for_is_open_once_with_its_newest_number():
    site = make_site()

    assert keep(Found(LONG_WAIT, 50, site.pk, facts={"waiting": 4})) == (1, 0)
    assert keep(Found(LONG_WAIT, 51, site.pk, facts={"waiting": 6}), minutes=1) == (1, 0)

    alert = Alert.objects.get()
    assert (alert.number, alert.facts, alert.began_at, alert.severity) == (51, {"waiting": 6}, CLOCK, "orange")
    assert (alert.site, alert.district, alert.place) == (site, site.district, f"site {site.pk}")


def test_what_they_do_not_call_for_any_more_has_ended_and_may_begin_again():
    site = make_site()
    keep(Found(LONG_WAIT, 50, site.pk))

    assert keep(minutes=5) == (0, 1)
    keep(Found(LONG_WAIT, 47, site.pk), minutes=9)

    assert list(Alert.objects.order_by("pk").values_list("began_at", "ended_at")) == [
        (CLOCK, CLOCK + timedelta(minutes=5)),
        (CLOCK + timedelta(minutes=9), None),
    ]


def test_places_and_kinds_are_apart_and_other_kinds_are_left_alone():
    here, there = make_site(), make_site()
    keep_alerts([Found(MESSAGES_NOT_SENT, 9)], kinds=[MESSAGES_NOT_SENT], now=CLOCK)

    keep(Found(LONG_WAIT, 50, here.pk), Found(LONG_WAIT, 60, there.pk), Found(REACTIONS, 2, here.pk))

    assert Alert.objects.filter(ended_at=None).count() == 4
    assert keep() == (0, 3)
    assert Alert.objects.get(ended_at=None).kind == MESSAGES_NOT_SENT


def test_a_districts_alert_names_the_district():
    district = make_site().district

    keep(Found(DISTRICT_FULL, 3, district=district.code))

    assert Alert.objects.get().district == district


def test_what_was_handled_rests_and_comes_back_if_it_is_still_so(settings):
    settings.ALERT_REST_MINUTES = 120
    site, somebody = make_site(), make_administrator()
    keep(Found(LONG_WAIT, 50, site.pk))
    Alert.objects.update(
        claimed_by=somebody, claimed_at=CLOCK, handled_by=somebody, handled_at=CLOCK, note="加了一张台"
    )

    keep(Found(LONG_WAIT, 50, site.pk), minutes=119)
    resting = Alert.objects.get()
    keep(Found(LONG_WAIT, 50, site.pk), minutes=121)
    back = Alert.objects.get()

    assert (resting.handled_by, back.handled_by, back.claimed_by) == (somebody, None, None)
    assert (back.note, back.began_at) == ("加了一张台", CLOCK)
