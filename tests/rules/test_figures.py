"""Percentages and their classes, what is published, and cells that no spreadsheet runs."""

from datetime import date, datetime

import pytest

from accounts.spreadsheets import csv_bytes, safe_cell
from booking.rules.figures import band_of, days_to_count, fill_class, percent, published


@pytest.mark.parametrize(
    ("taken", "quota", "shown", "look"),
    [
        (0, 1000, 0, "low"),
        (399, 1000, 39, "low"),
        (400, 1000, 40, "middle"),
        (699, 1000, 69, "middle"),
        (700, 1000, 70, "high"),
        (899, 1000, 89, "high"),
        (900, 1000, 90, "nearly"),
        (999, 1000, 99, "nearly"),
        (1000, 1000, 100, "full"),
        (1001, 1000, 100, "full"),
        (0, 0, None, "none"),
    ],
)
def test_a_class_begins_where_its_percentage_does(taken: int, quota: int, shown: int | None, look: str) -> None:
    assert (percent(taken, quota), fill_class(percent(taken, quota))) == (shown, look)


@pytest.mark.parametrize(("count", "told"), [(0, None), (1, None), (4, None), (5, 5), (5000, 5000)])
def test_small_counts_are_not_published(count: int, told: int | None) -> None:
    assert published(count) == told


@pytest.mark.parametrize(
    ("state", "band"),
    [
        ("plenty", "plenty"),
        ("some", "some"),
        ("few", "few"),
        ("full", "none"),
        ("not_open", "none"),
        ("closed", "none"),
    ],
)
def test_what_cannot_be_booked_is_none(state: str, band: str) -> None:
    assert band_of(state) == band


@pytest.mark.parametrize(
    ("clock", "first"),
    [("10:00", "2026-11-23"), ("02:59", "2026-11-23"), ("03:00", "2026-10-20"), ("03:10", "2026-11-23")],
)
def test_one_counting_a_night_goes_five_weeks_back(clock: str, first: str) -> None:
    now = datetime.fromisoformat(f"2026-11-24T{clock}:00+08:00")

    assert days_to_count(now) == (date.fromisoformat(first), date(2026, 12, 22))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "＠x"])
def test_text_that_a_spreadsheet_would_run_is_only_text(formula: str) -> None:
    assert safe_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("plain", ["文艺路", "S-1", -5, 1.5, ""])
def test_other_cells_stay(plain: object) -> None:
    assert safe_cell(plain) == plain


def test_a_file_begins_with_its_mark_and_leaves_cells_without_a_value_empty() -> None:
    assert csv_bytes(["a", "b"], [(1, None), ("x,y", 'z"')]) == b'\xef\xbb\xbfa,b\r\n1,\r\n"x,y","z"""\r\n'
