"""When slots open, and which part of their places is out."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from booking.rules.release import (
    ALL_AT_ONCE,
    Portion,
    Release,
    Standing,
    after_portion,
    portions_ahead,
    problem_with,
    released,
    standing,
)

OPENS = datetime(2026, 11, 26, 8, tzinfo=UTC)
THREE = (Portion(50, 0), Portion(30, 60), Portion(20, 240))
TWO = (Portion(60, 0), Portion(40, 240))


def after(minutes: int) -> datetime:
    return OPENS + timedelta(minutes=minutes)


def test_slots_open_so_many_days_ahead_at_that_time_of_day() -> None:
    assert Release(time(8), 7).opens_at(date(2026, 12, 3), UTC) == OPENS


@pytest.mark.parametrize(
    ("portions", "problem"),
    [
        ([(100, 0)], ""),
        ([(60, 0), (40, 240)], ""),
        ([], "first"),
        ([(60, 5), (40, 240)], "first"),
        ([(60, 0), (20, 240), (20, 240)], "order"),
        ([(60, 0), (20, 240), (20, 60)], "order"),
        ([(60, 0), (30, 240)], "sum"),
        ([(60, 0), (50, 240)], "sum"),
        ([(0, 0), (100, 240)], "percent"),
        ([(101, 0)], "percent"),
    ],
)
def test_portions_add_up_to_a_hundred_begin_at_opening_and_follow_each_other(portions, problem) -> None:
    assert problem_with([Portion(*one) for one in portions]) == problem


def test_every_place_comes_with_the_last_portion_however_they_round() -> None:
    shares = [released(7, THREE, since=timedelta(minutes=minutes)) for minutes in (0, 59, 60, 239, 240)]

    assert shares == [3, 3, 5, 5, 7]


def test_before_it_opens_a_slot_has_its_first_portion_and_waits_for_the_second() -> None:
    assert standing(10, TWO, opens_at=OPENS, now=after(-600)) == Standing(OPENS, 6, 4, after(240))


def test_a_slot_that_should_have_opened_has_all_portions_that_are_due() -> None:
    assert standing(10, THREE, opens_at=OPENS, now=after(90)) == Standing(OPENS, 8, 2, after(240))
    assert standing(10, THREE, opens_at=OPENS, now=after(240)) == Standing(OPENS, 10, 0, None)


def test_without_portions_nothing_waits() -> None:
    assert standing(10, ALL_AT_ONCE, opens_at=OPENS, now=after(-1)) == Standing(OPENS, 10, 0, None)


def test_what_is_out_is_never_taken_back() -> None:
    assert after_portion(9, 1, THREE, opens_at=OPENS, now=after(60)) == Standing(OPENS, 9, 1, after(240))


def test_after_a_long_break_all_that_is_due_comes_at_once() -> None:
    assert after_portion(5, 5, THREE, opens_at=OPENS, now=after(5000)) == Standing(OPENS, 10, 0, None)


def test_the_portions_ahead_are_those_that_the_job_will_put_out() -> None:
    ahead = list(portions_ahead(5, 5, after(60), THREE, opens_at=OPENS))

    assert ahead == [(after(60), 3), (after(240), 2)]


def test_where_no_rule_counts_any_more_the_next_portion_brings_everything() -> None:
    assert list(portions_ahead(5, 5, after(60), ALL_AT_ONCE, opens_at=OPENS)) == [(after(60), 5)]
