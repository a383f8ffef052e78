"""Many administrators press at the same alert at once: one has it, and the job raises it once."""

from functools import partial
from threading import Barrier

import pytest

from booking.models import Alert
from booking.operations.alerts import take
from booking.operations.alerts.keep import keep_alerts
from booking.operations.alerts.refusals import AlertClaimed
from booking.rules.alerts import LONG_WAIT, Found
from sites.scope import Scope
from tests.factories import CLOCK, make_administrator, make_site
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
CITY = Scope(True)
_PEOPLE = 12


def _rush(act):
    alert = Alert.objects.create(kind=LONG_WAIT, severity="orange", number=50, began_at=CLOCK)
    people = [make_administrator() for _ in range(_PEOPLE)]
    return alert, all_at_once([partial(act, alert, person) for person in people])


def test_one_of_many_has_it_and_all_others_are_told_who():
    def act(alert, person):
        return take.claim(alert_id=alert.pk, by=person.pk, scope=CITY, now=CLOCK)

    alert, results = _rush(act)

    alert.refresh_from_db()
    refused = [one for one in results if isinstance(one, AlertClaimed)]
    assert len(refused) == _PEOPLE - 1
    assert {one.facts["by"] for one in refused} == {alert.claimed_by.known_as()}


def test_without_the_guard_in_the_statement_several_believe_they_have_it():
    """The twin: whether it is free is looked at first, and then it is taken."""
    looked = Barrier(_PEOPLE)

    def careless(alert, person):
        assert Alert.objects.get(pk=alert.pk).claimed_by_id is None
        looked.wait(timeout=30)
        return Alert.objects.filter(pk=alert.pk).update(claimed_by=person, claimed_at=CLOCK)

    _alert, results = _rush(careless)

    assert results == [1] * _PEOPLE


def test_two_jobs_at_once_raise_one_alert():
    sites = [make_site() for _ in range(6)]
    found = [Found(LONG_WAIT, 50, site.pk) for site in sites]

    acts = [partial(keep_alerts, order, kinds=[LONG_WAIT], now=CLOCK) for order in (found, found[::-1]) * 4]
    results = all_at_once(acts)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert Alert.objects.filter(ended_at=None).count() == len(sites)
