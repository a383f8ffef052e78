"""Charts of the city screen as numbers for an SVG: whoever draws them only prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

WIDTH, HEIGHT = 600, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 14, 26
_LINES = 3


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale with its value."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; `label` stands below it, where there is room. Without a value nothing is known of that time."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    value: int | None
    label: str
    has_label: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is printed. `line` are the points of a curve that joins the bars' tops.

    `threshold_y` is None where the threshold lies above what is drawn, or there is none.
    """

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    line: str
    threshold: int | None
    threshold_y: float | None
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def latest(self) -> int | None:
        """The newest value."""
        return self.bars[-1].value if self.bars else None

    @property
    def most(self) -> int:
        """The highest value."""
        return max((bar.value for bar in self.bars if bar.value is not None), default=0)


def chart(values: Sequence[tuple[str, int | None]], *, threshold: int | None = None, every: int = 1) -> Chart:
    """Values with their labels, from left to right; every so many gets its label printed, counted from the right.

    A threshold that is no more than twice the highest value is drawn, so that one far above does not flatten the rest.
    """
    most = max((value for _, value in values if value is not None), default=0)
    draws_it = threshold is not None and threshold <= 2 * most
    top = _round_up(max(most, threshold if draws_it and threshold else 0, _LINES))
    room, height = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    step = room / max(len(values), 1)
    bars = []
    for n, (label, value) in enumerate(values):
        tall = max(value or 0, 0) * height / top
        x = _LEFT + n * step
        bars.append(
            Bar(
                round(x + step * 0.12, 1), round(HEIGHT - _BOTTOM - tall, 1), round(step * 0.76, 1), round(tall, 1),
                round(x + step / 2, 1), value, label, (len(values) - 1 - n) % every == 0,
            )
        )  # fmt: skip
    ticks = tuple(
        Tick(round(HEIGHT - _BOTTOM - height * n / _LINES, 1), top * n // _LINES) for n in range(1, _LINES + 1)
    )
    line = " ".join(f"{bar.middle},{bar.y}" for bar in bars if bar.value is not None)
    at = round(HEIGHT - _BOTTOM - threshold * height / top, 1) if draws_it and threshold else None
    return Chart(tuple(bars), ticks, line, threshold, at)


def _round_up(value: int) -> int:
    """A number not below it that can be divided into the scale's lines, and reads well."""
    unit: int = max(10 ** int(log10(value)) // 2, 1) * _LINES
    return -(-value // unit) * unit
