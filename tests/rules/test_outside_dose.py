"""What of a dose that was given elsewhere can be right."""

from datetime import date, datetime, timedelta

import pytest

from booking.rules.outside_dose import can_take_back, mistakes

TODAY = date(2026, 11, 24)
GOOD = {
    "dose": 1, "doses": 2, "given_on": date(2026, 10, 1), "where": "武汉", "evidence": "预防接种证", "today": TODAY,
    "born_on": date(1990, 1, 1), "others": {},
}  # fmt: skip


def test_what_the_paper_says_is_taken_however_short_the_interval():
    assert mistakes(**GOOD) == []
    assert mistakes(**{**GOOD, "dose": 2, "given_on": date(2026, 10, 2), "others": {1: date(2026, 10, 1)}}) == []


@pytest.mark.parametrize(
    ("changed", "mistake"),
    [
        ({"where": "  "}, ("where", "blank")),
        ({"evidence": ""}, ("evidence", "blank")),
        ({"dose": 3}, ("dose", "no_such_dose")),
        ({"given_on": TODAY + timedelta(days=1)}, ("given_on", "in_the_future")),
        ({"given_on": date(1989, 12, 31)}, ("given_on", "before_birth")),
        ({"others": {2: date(2026, 9, 1)}}, ("given_on", "out_of_order")),
        ({"dose": 2, "others": {1: date(2026, 11, 1)}}, ("given_on", "out_of_order")),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(changed, mistake):
    assert mistakes(**{**GOOD, **changed}) == [mistake]


def test_it_can_be_taken_back_for_a_minute():
    entered = datetime(2026, 11, 24, 10)

    assert can_take_back(entered_at=entered, now=entered + timedelta(seconds=60))
    assert not can_take_back(entered_at=entered, now=entered + timedelta(seconds=61))
