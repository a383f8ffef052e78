"""Bar charts as numbers for an SVG: the template only prints them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, log10

from django.utils.translation import gettext as _

from booking.queries.figures.trends import Period

# The drawing's own units.
WIDTH, HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 16, 30
_LINES = 4
# Numbers above the bars and a label below each are readable up to so many.
_ROOM_FOR_EACH = 14


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, the line where it was a week before (None: unknown), and what a pointer or a screen reader is told."""

    of: date
    x: float
    y: float
    width: float
    height: float
    middle: float
    value: float | None
    before: float | None
    before_y: float | None
    has_label: bool
    has_number: bool
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line of the scale."""

    y: float
    value: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the template prints."""

    name: str
    title: str
    unit: str
    bars: list[Bar]
    lines: list[Line]
    # Between today and tomorrow; None if that is not in it.
    now_x: float | None
    has_data: bool
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def bookings_chart(days: Sequence[Period], today: date) -> Chart:
    """How many places are booked for each day; days ahead are drawn lighter."""
    values = [(day.first, float(day.booked), day.booked_before) for day in days]
    return _chart("bookings", _("每天约出的号"), "", values, today=today)


def no_show_chart(days: Sequence[Period]) -> Chart:
    """Of those who were expected, how many did not come, day by day."""
    values = [(day.first, day.no_show_rate, day.no_show_rate_before) for day in days]
    return _chart("no_shows", _("每天的未到率"), "%", values)


def lead_chart(weeks: Sequence[Period]) -> Chart:
    """How many days ahead people had booked, week by week."""
    values = [(week.first, week.lead, week.lead_before) for week in weeks]
    return _chart("lead", _("平均提前几天预约"), "", values)


def due_chart(weeks: Sequence[tuple[date, int]], today: date) -> Chart:
    """How many later doses become due, week by week; weeks ahead are drawn lighter."""
    return _chart(
        "due", _("每周到期的后续剂次"), "", [(monday, float(due), None) for monday, due in weeks], today=today
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """What all bars of a chart have in common: room for each, the value at the top, whether each has its label."""

    space: float
    top: float
    few: bool
    today: date | None


_Value = tuple[date, float | None, float | None]


def _chart(name: str, title: str, unit: str, values: Sequence[_Value], *, today: date | None = None) -> Chart:
    known = [number for _day, *numbers in values for number in numbers if number is not None]
    step = _step(max(known, default=0))
    space = (WIDTH - _LEFT - _RIGHT) / max(len(values), 1)
    scale = _Scale(space, step * _LINES, len(values) <= _ROOM_FOR_EACH, today)
    bars = [_bar(n, value, scale) for n, value in enumerate(values)]
    lines = [Line(_y(step * n, scale.top), f"{step * n:g}{unit}") for n in range(_LINES + 1)]
    now_x = next(
        (before.middle + space / 2 for before, after in pairwise(bars) if after.is_ahead > before.is_ahead), None
    )
    return Chart(name, title, unit, bars, lines, now_x, any(bar.value for bar in bars))


def _bar(n: int, value: _Value, scale: _Scale) -> Bar:
    of, now, before = value
    width = min(scale.space * 0.7, 56)
    middle = _LEFT + scale.space * (n + 0.5)
    y = _y(now or 0, scale.top)
    return Bar(
        of=of,
        x=round(middle - width / 2, 1),
        y=y,
        width=round(width, 1),
        height=round(HEIGHT - _BOTTOM - y, 1),
        middle=round(middle, 1),
        value=now,
        before=before,
        before_y=None if before is None else _y(before, scale.top),
        has_label=scale.few or of.weekday() == 0,
        has_number=scale.few and now is not None,
        is_ahead=scale.today is not None and of > scale.today,
    )


def _y(value: float, top: float) -> float:
    room = HEIGHT - _BOTTOM - _TOP
    return round(HEIGHT - _BOTTOM - room * value / top, 1)


def _step(most: float) -> float:
    """A round number so that `_LINES` of them reach the highest bar."""
    wanted = most / _LINES
    if wanted <= 0:
        return 1
    power: float = 10.0 ** ceil(log10(wanted) - 1)
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= wanted)
