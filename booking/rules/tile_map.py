"""Where each district's tile stands: as the city lies, roughly, on a square of rows and columns."""

from collections.abc import Mapping
from math import ceil, sqrt


def tiles(places: Mapping[str, tuple[float, float]]) -> dict[str, tuple[int, int]]:
    """Row and column, from 1, of each place given by longitude and latitude.

    From west to east they fill columns of equal height; within a column the northernmost stands on top.
    """
    if not places:
        return {}
    columns = ceil(sqrt(len(places)))
    height, taller = divmod(len(places), columns)
    eastward = sorted(places, key=lambda name: (places[name][0], name))
    found: dict[str, tuple[int, int]] = {}
    begin = 0
    for column in range(columns):
        end = begin + height + (column < taller)
        downward = sorted(eastward[begin:end], key=lambda name: (-places[name][1], name))
        found |= {name: (row, column + 1) for row, name in enumerate(downward, start=1)}
        begin = end
    return found
