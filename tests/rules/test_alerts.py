"""From where on numbers are an alert, and from where on they are none."""

import pytest

from booking.rules import alerts
from booking.rules.alerts import Found, SiteNow, Thresholds

LIMITS = Thresholds(
    no_check_in_minutes=15, no_check_in_due=10, no_show_percent=15, wait_minutes=45, offline_minutes=10,
    error_percent=1, text_percent=5, release_minutes=10, reactions=2, full_days=3,
)  # fmt: skip


def kinds(site: SiteNow) -> list[str]:
    return [found.kind for found in alerts.of_site(site, LIMITS)]


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (SiteNow(1, due=10), [alerts.NO_CHECK_IN]),
        (SiteNow(1, due=9), []),
        (SiteNow(1, due=50, checked_in=1), []),
        (SiteNow(1, missed=16, expected=100), [alerts.NO_SHOWS]),
        (SiteNow(1, missed=15, expected=100), []),
        # Nine of whom all stayed away say nothing about a site.
        (SiteNow(1, missed=9, expected=9), []),
        (SiteNow(1, waiting=5, waited_minutes=46), [alerts.LONG_WAIT]),
        (SiteNow(1, waiting=5, waited_minutes=45), []),
        (SiteNow(1, devices=3, offline=1), [alerts.DEVICES_OFFLINE]),
        (SiteNow(1, devices=3), []),
        (SiteNow(1, reactions=2), [alerts.REACTIONS]),
        (SiteNow(1, reactions=1), []),
        (SiteNow(1), []),
    ],
)
def test_a_site_is_alerted_from_its_threshold_on(site, expected):
    assert kinds(site) == expected


def test_an_alert_says_how_bad_it_is_and_where():
    [found] = alerts.of_site(SiteNow(7, waiting=12, waited_minutes=52), LIMITS)

    assert (found.number, found.place, dict(found.facts)) == (52, "site 7", {"waiting": 12})
    assert Found("x", 1, district="430104").place == "district 430104"
    assert Found("x", 1).place == ""


@pytest.mark.parametrize(("tries", "errors", "number"), [(1000, 11, 1), (1000, 10, None), (9, 9, None), (100, 40, 40)])
def test_errors_of_bookings_are_a_share(tries, errors, number):
    assert [found.number for found in alerts.of_bookings(tries, errors, LIMITS)] == ([number] if number else [])


@pytest.mark.parametrize(("sent", "failing", "is_one"), [(94, 6, True), (95, 5, False), (0, 9, False), (0, 10, True)])
def test_texts_that_are_not_taken_are_a_share_of_all(sent, failing, is_one):
    assert bool(alerts.of_texts(sent, failing, LIMITS)) is is_one


def test_missing_doses_are_added_up_for_a_site():
    [found] = alerts.of_stock(7, {"flu": 12, "covid": 3, "hpv": 0})

    assert (found.number, found.facts["vaccines"]) == (15, {"covid": 3, "flu": 12})
    assert alerts.of_stock(7, {"flu": 0}) == []


@pytest.mark.parametrize(
    ("days", "number"),
    [([True, True, True], 3), ([True, False, True, True], None), ([False, True, True, True, True], 4), ([], None)],
)
def test_a_district_is_full_only_on_days_in_a_row(days, number):
    assert [found.number for found in alerts.of_district("430104", days, LIMITS)] == ([number] if number else [])


def test_a_release_is_told_ten_minutes_ahead():
    assert alerts.of_releases(10, {}, LIMITS)
    assert not alerts.of_releases(11, {}, LIMITS)
    assert not alerts.of_releases(None, {}, LIMITS)


def test_every_kind_has_a_severity():
    named = {value for name, value in vars(alerts).items() if name.isupper() and isinstance(value, str)}

    assert named == set(alerts.SEVERITY)
    assert set(alerts.SEVERITY.values()) == set(alerts.SEVERITIES)
