"""A long, even load: does anything grow? People come at one rate, read, book, and some later give their place back."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from booking.demo.citizens import MadeCitizen
from booking.rehearsal.engine import Arrival, Steps
from booking.rehearsal.machine import Sample
from booking.rehearsal.people import change_ones_mind, give_up, read, slots_of, win_a_place
from booking.rehearsal.town import PATIENCE, Caller, Town

SAMPLE_SECONDS = 10
# What an hour may add: less than this share of what there is, or less than so much of the unit.
_SHARE = 0.05
# Of the run, how much warms up before growth is counted: pools fill, caches fill, pages are first touched.
_WARM_UP = 0.25
# Nothing can be said about growth in less time.
LEAST_SECONDS = 600
_OLDEST_JOB = 90.0


def arrivals(
    town: Town, citizens: deque[MadeCitizen], *, rate: float, begin: float, seconds: float
) -> Iterator[Arrival]:  # fmt: skip
    """People at an even rate; whoever has given their place back may come again."""
    at = begin
    while (at := at + town.dice.expovariate(rate)) < begin + seconds:
        if citizens:
            machine = town.dice.randrange(len(town.hosts))
            yield Arrival(at, partial(visit, town, citizens, machine), machine)


def visit(town: Town, citizens: deque[MadeCitizen], machine: int) -> Steps:
    """Read, book, look at one's appointments, and give the place back, so that it can be had again."""
    citizen, dice = citizens.popleft(), town.dice
    caller = Caller(citizen, town.hosts[machine], PATIENCE)
    district = town.ground.district(dice)
    yield from read(caller, "districts", "/districts")
    yield town.think()
    yield from read(caller, "sites", f"/sites?district={district}&programme={town.ground.programme}")
    yield town.think()
    site = town.ground.site(district, dice)
    slots = yield from slots_of(town, caller, site)
    references = yield from win_a_place(town, caller, site, slots)
    yield town.think()
    yield caller.mine()
    if references:
        yield from change_ones_mind(town, caller, district, references[0])
        for reference in references:
            yield town.think()
            yield from give_up(town, caller, reference)
    citizens.append(citizen)


@dataclass(frozen=True, slots=True)
class Trend:
    """How something went: its mean, how much an hour adds, and whether that is growth."""

    name: str
    unit: str
    first: float
    last: float
    mean: float
    an_hour: float
    grows: bool


def trends(samples: Sequence[Sample]) -> list[Trend]:
    """What grew and what did not. The first quarter is left out: there things fill up once."""
    found = []
    settled = samples[int(len(samples) * _WARM_UP) :]
    for name, unit, least, value in _VALUES:
        points = [(sample.at, value(sample)) for sample in settled]
        values = [y for _x, y in points]
        if len(points) < 3:
            continue
        slope, mean = _slope(points) * 3600, fmean(values)
        grows = slope > max(mean * _SHARE, least)
        found.append(Trend(name, unit, values[0], values[-1], round(mean, 1), round(slope, 2), grows))
    return found


# The name, its unit, what an hour may add in any case, and where it stands.
_VALUES: tuple[tuple[str, str, float, Callable[[Sample], float]], ...] = (
    ("memory", "MB", 8.0, lambda sample: sum(sample.memory.values())),
    ("largest process", "MB", 4.0, lambda sample: max(sample.memory.values(), default=0.0)),
    # Pools breathe by a few; one that leaked would have all that it may have within an hour.
    ("ledger connections", "", 5.0, lambda sample: float(sample.ledger_connections)),
    ("gate", "MB", 8.0, lambda sample: sample.gate_mb),
    ("drifted slots", "", 0.5, lambda sample: float(sample.drifted)),
    ("due jobs", "", 20.0, lambda sample: float(sample.queue)),
    ("oldest due job", "s", 30.0, lambda sample: sample.queue_age),
)


def _slope(points: Sequence[tuple[float, float]]) -> float:
    mean_x, mean_y = fmean(x for x, _ in points), fmean(y for _, y in points)
    across = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / across if across else 0.0


def is_steady(samples: Sequence[Sample]) -> bool:
    """Whether nothing grew, nothing was oversold, no slot stayed different, and no job waited long."""
    return (
        not any(trend.grows for trend in trends(samples))
        and not any(sample.oversold for sample in samples)
        and not (samples and samples[-1].drifted)
        and max((sample.queue_age for sample in samples), default=0.0) < _OLDEST_JOB
    )
