"""Plots as paths for an SVG that is stretched to its place: the template prints them, and writes the words beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, log10
from typing import Any

from django.utils.translation import gettext as _

# The drawing's own units; it is stretched, so that words, which are not in it, keep their size on a phone.
WIDTH, HEIGHT = 1000, 100
# A logarithmic scale of waiting: from a millisecond to a hundred seconds.
_LEAST_EXPONENT, _MOST_EXPONENT = -3, 2

Row = dict[str, Any]
Value = Callable[[Row], float]


@dataclass(frozen=True, slots=True)
class Series:
    """One line or area: its name, how it is drawn, and its path."""

    name: str
    style: str
    path: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at the edge: where, in hundredths of the way, and what."""

    at: float
    words: str


@dataclass(slots=True)
class Plot:
    """Everything that the template prints of one plot."""

    title: str
    summary: str
    series: list[Series] = field(default_factory=list)
    levels: list[Mark] = field(default_factory=list)
    times: list[Mark] = field(default_factory=list)
    # Where the release lies, in hundredths; None: not in it.
    release: float | None = None


def plots_of(figures: dict[str, Any]) -> list[Plot]:
    """The plots of a surge or of a soak, with words in the language that is active."""
    steps, samples = figures["steps"], figures["samples"]
    if len(steps) < 2:
        return []
    axis = _Axis(steps[-1]["at"] + figures["width"], figures["release"] if figures["kind"] == "surge" else None)
    answers = _answers(axis, steps)
    if figures["kind"] == "soak":
        return [answers, _waiting(axis, steps), *_machines(axis, samples)]
    return [_arrivals(axis, steps), answers, _waiting(axis, steps), _places(axis, steps), *_machines(axis, samples)]


class _Axis:
    """Time from left to right, in minutes or seconds after the beginning."""

    def __init__(self, seconds: float, release: float | None) -> None:
        self.seconds = max(seconds, 1)
        self.release = release

    def plot(self, title: str, most: float, summary: str, unit: str = "") -> Plot:
        step = 60 * ceil(self.seconds / 60 / 6) if self.seconds >= 180 else max(10, 10 * ceil(self.seconds / 60))
        times = [
            Mark(100 * at / self.seconds, f"{at // 60:.0f}:{at % 60:02.0f}")
            for at in range(0, int(self.seconds * 0.97) + 1, step)
        ]
        levels = [Mark(100 * (1 - share), f"{_short(most * share)}{unit}") for share in (0, 0.5, 1)]
        release = None if self.release is None else 100 * self.release / self.seconds
        return Plot(title, summary, [], levels, times, release)

    def line(self, rows: Sequence[Row], value: Value, most: float) -> str:
        """A path over the rows."""
        return "M" + "L".join(self._points(rows, value, most))

    def area(self, rows: Sequence[Row], value: Value, most: float, floor: Value = lambda row: 0.0) -> str:
        """A path around what lies between two lines."""
        back = reversed(list(self._points(rows, floor, most)))
        return f"M{'L'.join(self._points(rows, value, most))}L{'L'.join(back)}Z"

    def _points(self, rows: Sequence[Row], value: Value, most: float) -> list[str]:
        return [
            f"{WIDTH * row['at'] / self.seconds:.1f} {HEIGHT * (1 - min(value(row) / most, 1)):.1f}" for row in rows
        ]


def _arrivals(axis: _Axis, steps: Sequence[Row]) -> Plot:
    most = _round_up(max(step["arrived"] for step in steps))
    plot = axis.plot(_("每秒来多少人"), most, _("最多每秒 %(most)s 人。") % {"most": _short(most)})
    plot.series = [Series(_("来的人"), "area calm", axis.area(steps, lambda step: step["arrived"], most))]
    return plot


_GROUPS = ("done", "refused", "busy", "error")


def _answers(axis: _Axis, steps: Sequence[Row]) -> Plot:
    names = {"done": _("办到了"), "refused": _("已满等"), "busy": _("请稍后"), "error": _("出错或没等到")}
    most = _round_up(max(sum(step[group] for group in _GROUPS) for step in steps))
    plot = axis.plot(
        _("每秒答复多少次"), most, _("从下往上叠起来：%(names)s。") % {"names": _("、").join(names.values())}
    )
    for number, group in enumerate(_GROUPS):
        below, up_to = _GROUPS[:number], _GROUPS[: number + 1]
        path = axis.area(steps, _sum_of(up_to), most, _sum_of(below))
        plot.series.append(Series(names[group], f"area {group}", path))
    return plot


def _sum_of(groups: Sequence[str]) -> Value:
    return lambda step: float(sum(step[group] for group in groups))


def _waiting(axis: _Axis, steps: Sequence[Row]) -> Plot:
    steps = [step for step in steps if step["p99"]] or steps
    plot = axis.plot(_("等一次答复要多久"), 1, _("每一格是十倍。"))
    span = _MOST_EXPONENT - _LEAST_EXPONENT
    words = {-3: "1 ms", -2: "10 ms", -1: "0.1 s", 0: "1 s", 1: "10 s", 2: "100 s"}
    plot.levels = [Mark(100 * (_MOST_EXPONENT - power) / span, text) for power, text in words.items()]
    plot.series = [
        Series(_("一半人到 95% 的人"), "area band", axis.area(steps, _log("p95"), span, _log("p50"))),
        Series(_("一半人"), "line middle", axis.line(steps, _log("p50"), span)),
        Series(_("99% 的人"), "line slowest", axis.line(steps, _log("p99"), span)),
    ]
    return plot


def _log(name: str) -> Value:
    return lambda step: log10(max(step[name], 10**_LEAST_EXPONENT)) - _LEAST_EXPONENT


def _places(axis: _Axis, steps: Sequence[Row]) -> Plot:
    most = _round_up(max(step["places_left"] for step in steps))
    plot = axis.plot(_("还剩多少号"), most, _("从放号起往下走。"))
    plot.series = [Series(_("剩下的号"), "area places", axis.area(steps, lambda step: step["places_left"], most))]
    return plot


def _machines(axis: _Axis, samples: Sequence[Row]) -> list[Plot]:
    if len(samples) < 2:
        return []
    found = []
    if any(sample["cpu"] is not None for sample in samples):
        plot = axis.plot(_("这台机器的处理器"), 100, _("所有核心合起来。"), " %")
        plot.series = [
            Series(_("忙"), "area calm", axis.area(samples, lambda one: 100 * (one["cpu"] or 0), 100)),
        ]
        found.append(plot)
    if any(sample["memory"] for sample in samples):
        most = _round_up(max(sample["memory"] for sample in samples))
        plot = axis.plot(_("网站和后台任务的内存"), most, _("各进程合起来。"), " MB")
        plot.series = [Series(_("内存"), "area places", axis.area(samples, lambda one: one["memory"], most))]
        found.append(plot)
    most = _round_up(max(max(sample["ledger_connections"], sample["queue"]) for sample in samples))
    plot = axis.plot(_("账本的连接和到期的任务"), most, _("两条线。"))
    plot.series = [
        Series(_("连接"), "line middle", axis.line(samples, lambda one: one["ledger_connections"], most)),
        Series(_("到期还没办的任务"), "line slowest", axis.line(samples, lambda one: one["queue"], most)),
    ]
    return [*found, plot]


def _round_up(value: float) -> float:
    """The next number that reads well."""
    if value <= 1:
        return 1.0
    power = 10 ** int(log10(value))
    return float(next(power * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if power * step >= value))


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
