"""People take care of alerts: one has it, says what was done, and may take that back."""

from datetime import timedelta

import pytest

from booking.models import Alert
from booking.operations.alerts.refusals import AlertClaimed, AlertOver
from booking.operations.alerts.take import claim, hand_back, handle, reopen
from booking.operations.refusals import NotFound
from sites.scope import Scope
from tests.factories import CLOCK, make_administrator, make_district, make_site

pytestmark = pytest.mark.django_db
CITY = Scope(True)


@pytest.fixture
def alert():
    site = make_site()
    return Alert.objects.create(
        kind="long_wait", severity="orange", place=f"site {site.pk}", site=site, district=site.district, number=50,
        began_at=CLOCK, facts={"waiting": 4},
    )  # fmt: skip


@pytest.fixture
def early():
    return make_administrator()


@pytest.fixture
def late():
    return make_administrator()


def claimed(alert, by):
    return claim(alert_id=alert.pk, by=by.pk, scope=CITY, now=CLOCK)


def handled(alert, by, note="加了一张台"):
    return handle(alert_id=alert.pk, by=by.pk, note=note, scope=CITY, now=CLOCK)


def test_the_first_has_it_and_the_second_is_told_who(alert, early, late):
    assert claimed(alert, early).claimed_by == early

    with pytest.raises(AlertClaimed) as told:
        claimed(alert, late)
    assert told.value.facts == {"by": early.known_as()}


def test_claiming_twice_changes_nothing(alert, early):
    claimed(alert, early)

    again = claim(alert_id=alert.pk, by=early.pk, scope=CITY, now=CLOCK + timedelta(minutes=5))

    assert (again.claimed_by, again.claimed_at) == (early, CLOCK)


def test_what_was_handed_back_is_anybodys(alert, early, late):
    claimed(alert, early)

    assert hand_back(alert_id=alert.pk, by=early.pk, scope=CITY).claimed_by is None
    assert claimed(alert, late).claimed_by == late


def test_what_was_done_is_kept_and_the_alert_stays_until_the_facts_end_it(alert, early):
    row = handled(alert, early)

    assert (row.claimed_by, row.handled_by, row.handled_at, row.note) == (early, early, CLOCK, "加了一张台")
    assert row.ended_at is None


def test_nobody_handles_what_somebody_else_has(alert, early, late):
    claimed(alert, early)

    with pytest.raises(AlertClaimed):
        handled(alert, late)
    alert.refresh_from_db()
    assert (alert.handled_by, alert.note) == (None, "")


def test_handling_is_undone(alert, early):
    handled(alert, early)

    row = reopen(alert_id=alert.pk, scope=CITY)

    assert (row.claimed_by, row.handled_by, row.handled_at, row.note) == (early, None, None, "")


def test_what_was_handled_or_has_ended_is_over(alert, early, late):
    handled(alert, early)
    for act in (lambda: claimed(alert, late), lambda: handled(alert, late)):
        with pytest.raises(AlertOver):
            act()
    Alert.objects.update(ended_at=CLOCK)
    with pytest.raises(AlertOver):
        reopen(alert_id=alert.pk, scope=CITY)


def test_alerts_of_other_districts_and_of_the_city_are_not_there(alert, early):
    other = make_district("430104")
    elsewhere = Scope(False, frozenset([other.pk]))
    own = Scope(False, frozenset([alert.district_id]))
    citys = Alert.objects.create(kind="booking_errors", began_at=CLOCK)

    for pk, scope in ((alert.pk, elsewhere), (citys.pk, own)):
        with pytest.raises(NotFound):
            claim(alert_id=pk, by=early.pk, scope=scope, now=CLOCK)
    assert claim(alert_id=alert.pk, by=early.pk, scope=own, now=CLOCK).claimed_by == early
