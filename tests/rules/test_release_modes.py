from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.rules.release_modes import CohortRule, last_digit, turn_by_cohort

NOW = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)


def _cohort(digits="", born_from=None, born_until=None, opens=NOW, closes=None):
    return CohortRule(frozenset(digits), born_from, born_until, opens, closes)


def _no(*cohorts, digit="3", born=date(1950, 5, 5), now=NOW):
    found = turn_by_cohort(cohorts, digit=digit, born=born, now=now)
    return found and (found.reason, found.from_time)


@pytest.mark.parametrize(
    ("number", "digit"),
    [("11010519491231002X", "2"), ("340524198001010013", "3"), ("E12345678", "8"), ("AB", ""), ("", "")],
)
def test_a_document_counts_by_its_last_digit(number, digit):
    assert last_digit(number) == digit


@pytest.mark.parametrize(
    ("cohorts", "expected"),
    [
        ([_cohort("34")], None),
        ([_cohort("12")], ("no_cohort", None)),
        ([], ("no_cohort", None)),
        ([_cohort("3", opens=NOW + DAY)], ("cohort_later", NOW + DAY)),
        ([_cohort("3", opens=NOW + 2 * DAY), _cohort("3", opens=NOW + DAY)], ("cohort_later", NOW + DAY)),
        ([_cohort("3", opens=NOW - DAY, closes=NOW)], ("cohort_over", None)),
        ([_cohort("3", opens=NOW - DAY, closes=NOW), _cohort(opens=NOW + DAY)], ("cohort_later", NOW + DAY)),
        ([_cohort(born_until=date(1950, 5, 5))], None),
        ([_cohort(born_until=date(1950, 5, 4))], ("no_cohort", None)),
        ([_cohort(born_from=date(1950, 5, 6))], ("no_cohort", None)),
        ([_cohort("3", born_from=date(1950, 5, 6))], ("no_cohort", None)),
    ],
)
def test_a_cohort_has_its_days(cohorts, expected):
    assert _no(*cohorts) == expected
