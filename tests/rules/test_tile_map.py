"""Tiles stand as the city lies, and each has a field of its own."""

from hypothesis import given
from hypothesis import strategies as st

from booking.rules.tile_map import tiles

CHANGSHA = {
    "芙蓉": (113.03, 28.19), "天心": (112.99, 28.11), "岳麓": (112.93, 28.23), "开福": (112.986, 28.26),
    "雨花": (113.04, 28.14), "望城": (112.83, 28.35), "长沙县": (113.08, 28.25), "宁乡": (112.55, 28.28),
    "浏阳": (113.64, 28.16),
}  # fmt: skip


def test_changsha_is_three_by_three():
    found = tiles(CHANGSHA)
    rows = [[name for name, at in sorted(found.items(), key=lambda item: item[1]) if at[0] == row] for row in (1, 2, 3)]

    assert rows == [["望城", "开福", "长沙县"], ["宁乡", "芙蓉", "浏阳"], ["岳麓", "天心", "雨花"]]


@given(st.lists(st.tuples(st.floats(100, 120), st.floats(20, 40)), max_size=40))
def test_any_city_fits_without_two_tiles_in_one_field(places):
    found = tiles({str(n): place for n, place in enumerate(places)})

    assert len(set(found.values())) == len(places)
    assert all(row >= 1 and column >= 1 and row <= 8 and column <= 8 for row, column in found.values())
