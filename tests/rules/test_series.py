"""Which dose comes next when doses are booked as well as received."""

from datetime import date, timedelta

import pytest

from booking.rules.eligibility import Person, ProgrammeRules, badly_spaced, decide, decide_move, decide_series

RULES = ProgrammeRules(doses=2, intervals=(28,), min_age=0, max_age=120, sex="", districts=())
FIRST = date(2026, 12, 1)


def person(received=0, last_on=None, booked=()):
    return Person(date(1990, 1, 1), "F", "430102", received, last_on, booked)


def after(days):
    return FIRST + timedelta(days=days)


@pytest.mark.parametrize(
    ("booked", "on", "dose", "reason", "from_date"),
    [
        ((), FIRST, 1, "", None),
        # Not after the booked dose: it is that one which stands in the way.
        (((1, FIRST),), FIRST, 1, "", None),
        (((1, FIRST),), after(-3), 1, "", None),
        (((1, FIRST),), after(1), None, "too_early", after(28)),
        (((1, FIRST),), after(27), None, "too_early", after(28)),
        (((1, FIRST),), after(28), 2, "", None),
        # Both are booked: one of them stands in the way, whenever it is.
        (((1, FIRST), (2, after(30))), after(60), 2, "", None),
        (((2, after(30)), (1, FIRST)), after(-1), 1, "", None),
        # The second is booked and the first is not any more.
        (((2, after(30)),), after(2), 1, "", None),
        (((2, after(30)),), after(3), None, "next_dose_booked", None),
    ],
)
def test_a_booked_dose_counts_like_one_received_on_its_day(booked, on, dose, reason, from_date):
    decision = decide(RULES, person(booked=booked), on=on)

    assert (decision.dose, decision.reason, decision.from_date) == (dose, reason, from_date)


def test_a_received_dose_counts_as_before():
    received = person(received=1, last_on=FIRST)

    assert decide(RULES, received, on=after(27)).from_date == after(28)
    assert decide(RULES, received, on=after(28)).dose == 2
    assert decide(RULES, person(received=2, last_on=FIRST), on=after(90)).reason == "series_complete"


def test_both_doses_at_once_are_the_first_and_the_second():
    decided = decide_series(RULES, person(), on=[FIRST, after(28)])

    assert [(dose, decision.dose) for dose, decision in decided] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("days", [0, 1, 27])
def test_both_doses_at_once_keep_their_distance(days):
    first, second = decide_series(RULES, person(), on=[FIRST, after(days)])

    assert first[1].dose == 1
    assert (second[0], second[1].reason, second[1].from_date) == (2, "too_early", after(28))


def test_there_is_no_second_dose_of_one():
    one_dose = ProgrammeRules(doses=1, intervals=(), min_age=0, max_age=120, sex="", districts=())

    assert decide_series(one_dose, person(), on=[FIRST, after(90)])[1][1].reason == "series_complete"


def test_a_dose_may_move_as_far_as_the_one_before_it_allows():
    both = person(booked=((1, FIRST), (2, after(40))))

    assert decide_move(RULES, both, 2, on=after(27)).from_date == after(28)
    assert decide_move(RULES, both, 2, on=after(28)).dose == 2
    # The second would move along.
    assert decide_move(RULES, both, 1, on=after(20)).dose == 1


def test_a_second_dose_needs_a_first():
    assert badly_spaced(RULES, person(booked=((2, after(30)),)), 2, on=after(30)).reason == "dose_before_missing"
