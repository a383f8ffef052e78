"""Cells of tables that people fill in."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.rules.cells import BadCell, clock, code, decimal, guarded, plain, whole_number

SEEN = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zs", "Zl", "Zp"]))


@given(SEEN)
def test_what_leaves_comes_back_as_it_was(text: str) -> None:
    assert plain(guarded(text)) == text


@given(SEEN)
def test_nothing_leaves_that_a_spreadsheet_would_run(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("cell", ["=1+1", " =A1", "a\x00b", "a\nb", "a\u202eb", "a\x7fb"])
def test_formulas_and_what_cannot_be_seen_are_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        plain(cell)


def test_blanks_go_and_full_width_becomes_ordinary() -> None:
    assert plain("\u3000\ufeff 文艺路 ") == "文艺路"
    assert code("Ａ１２－３") == "A12-3"
    assert whole_number("２０", least=0, most=100) == 20
    assert decimal("－１１２．９", least=-180, most=180) == -112.9


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("二十", "not_a_number"), ("2.5", "not_whole"), ("-1", "too_small"), ("1e5", "not_whole"), ("999", "too_large")],
)
def test_numbers_that_are_none_are_refused_by_name(cell: str, reason: str) -> None:
    with pytest.raises(BadCell) as refused:
        whole_number(cell, least=0, most=500)
    assert refused.value.code == reason


@pytest.mark.parametrize(
    ("cell", "said"),
    [("8:00", time(8)), ("08：30", time(8, 30)), ("8点", time(8)), ("13:05:00", time(13, 5)), ("", None)],
)
def test_times_are_read_as_people_write_them(cell: str, said: time | None) -> None:
    assert clock(cell) == said


@pytest.mark.parametrize("cell", ["8", "25:00", "8:7", "8:", "早上"])
def test_what_is_no_time_is_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        clock(cell)
