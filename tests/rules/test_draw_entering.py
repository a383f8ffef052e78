"""Bands that hide who comes and goes, and what can be done to a wish."""

import pytest

from booking.rules.draw_entering import band, moved_up, with_site


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, (0, 100)), (99, (0, 100)), (100, (100, 500)), (4_999, (1_000, 5_000)), (3_000_000, (1_000_000, None))],
)
def test_a_count_is_told_as_a_band(count, expected):
    assert band(count) == expected


def test_a_wish_holds_each_site_once_and_five_at_the_most():
    five = ("A", "B", "C", "D", "E")

    assert with_site((), "A") == ("A",)
    assert with_site(("A",), "A") == ("A",)
    assert with_site(five, "F") == five


def test_a_site_moves_up_by_one_and_the_first_stays():
    assert moved_up(("A", "B", "C"), "C") == ("A", "C", "B")
    assert moved_up(("A", "B", "C"), "A") == ("A", "B", "C")
    assert moved_up(("A", "B"), "X") == ("A", "B")
