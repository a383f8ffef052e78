"""What is left of a batch, and when a day comes out even."""

from datetime import date

from booking.rules.stock import batch_day, days_of_cover, is_expired, needs_explaining


def test_what_came_and_went_leaves_what_must_be_in_the_fridge() -> None:
    day = batch_day(100, {"RECEIVED": 50, "USED": -30, "WASTED": -2, "RETURNED": -10, "CORRECTED": 1})

    assert (day.opening, day.received, day.used, day.wasted, day.returned, day.corrected) == (100, 50, 30, 2, 10, 1)
    assert day.left == 109


def test_one_batch_too_many_does_not_make_up_for_one_too_few_of_another() -> None:
    assert needs_explaining([1, -1])
    assert not needs_explaining([0, 0])


def test_the_day_on_the_box_is_the_last_one() -> None:
    assert not is_expired(date(2026, 11, 24), today=date(2026, 11, 24))
    assert is_expired(date(2026, 11, 24), today=date(2026, 11, 25))


def test_cover_is_counted_in_days_like_the_last_ones() -> None:
    assert days_of_cover(140, 70, days=7) == 14
    assert days_of_cover(140, 0, days=7) is None
