"""Carries a rehearsal out: the ground, the citizens, the surge or the soak, and taking everything away again."""

import gc
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from django.utils import timezone

from booking.demo.citizens import MadeCitizen
from booking.rehearsal import soak
from booking.rehearsal.curves import Curve
from booking.rehearsal.engine import Arrival, Engine
from booking.rehearsal.ground import Ground, people_the_city, prepare_ground
from booking.rehearsal.journal import Journal
from booking.rehearsal.machine import Sample
from booking.rehearsal.measures import Measures
from booking.rehearsal.people import visit
from booking.rehearsal.targets import Target, wait_until_seen
from booking.rehearsal.town import Town
from booking.rehearsal.watch import Watch

# Nobody is told to come before every web machine shows the programme; and the last ones need a while to finish.
_LEAD, _AFTER = 2.0, 60.0
# How long before the release the first are on the page, as a share of the whole and in seconds at the most.
_BEFORE_SHARE, _BEFORE_MOST = 0.1, 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be rehearsed."""

    people: int
    curve: Curve
    minutes: float
    seed: int
    places: int
    targets: Sequence[Target]
    folder: Path
    # Processes on this machine to look at, with their children.
    watched: Sequence[int] = ()
    connections: int = 1500
    # People a second; None: a surge along the curve.
    rate: float | None = None

    @property
    def seconds(self) -> float:
        """How long people come."""
        return self.minutes * 60


@dataclass(slots=True)
class Course:
    """How it went. Seconds of the samples and of `release` count from the beginning of the measures."""

    plan: Plan
    ground: Ground
    measures: Measures
    samples: list[Sample]
    journal: Path
    release: float
    began_at: datetime
    stopped: bool = False
    prepared: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where it stands, once a second."""

    course: Course
    present: int
    places_left: int
    seconds: float
    seconds_left: float


def conduct(plan: Plan, *, say: Callable[[str], None], progress: Callable[[Progress], None]) -> Course:
    """Prepare and carry it out. Ctrl-C ends it early, and what was seen counts. Raises GroundTaken, NotATarget."""
    dice, prepared, began_at = Random(plan.seed), dict[str, float](), timezone.now()
    began = time.monotonic()
    before = 0.0 if plan.rate else min(plan.seconds * _BEFORE_SHARE, _BEFORE_MOST)
    # First, because there can be one only: who finds it made has made nothing yet.
    ground = prepare_ground(plan.places, opens_at=began_at + timedelta(days=1), now=began_at, dice=dice)
    say(f"{ground.places:,} places in {ground.slots:,} slots at {len(ground.sites)} sites")
    prepared["ground"] = round(time.monotonic() - began, 1)
    began = time.monotonic()
    citizens = people_the_city(plan.people, now=began_at, done=lambda made: say(f"{made:,} citizens"))
    prepared["citizens"] = round(time.monotonic() - began, 1)
    say(f"{len(citizens):,} citizens in {prepared['citizens']} s, signed in by ready tokens")
    wait_until_seen(plan.targets, ground.programme)
    # Only now is it known how long preparing takes: the release is set to its real moment before anybody looks.
    ground.release_at(timezone.now() + timedelta(seconds=0 if plan.rate else before + _LEAD))
    plan.folder.mkdir(parents=True, exist_ok=True)
    journal = Journal(plan.folder / "journal.txt")
    gc.freeze()
    try:
        return _carry_out(plan, ground, citizens, journal, dice, before, prepared, progress)
    finally:
        gc.unfreeze()
        journal.close()


def _carry_out(
    plan: Plan, ground: Ground, citizens: list[MadeCitizen], journal: Journal, dice: Random, before: float,
    prepared: dict[str, float], progress: Callable[[Progress], None],
) -> Course:  # fmt: skip
    measures = Measures()
    town = Town(ground, plan.curve, dice, journal, measures, [target.host for target in plan.targets])
    engine = Engine([target.address for target in plan.targets], measures, connections=plan.connections)
    town.opens = engine.clock() + (ground.opens_at - timezone.now()).total_seconds()
    course = Course(
        plan, ground, measures, [], journal.path, town.opens - measures.began, timezone.now(), prepared=prepared
    )
    begin = engine.clock() if plan.rate else town.opens
    end = begin + plan.seconds

    def each_second() -> None:
        left = max(ground.places - measures.booked, 0)
        measures.tick(present=engine.present, queued=engine.wires.queued, places_left=left)
        now = engine.clock()
        progress(Progress(course, engine.present, left, now - measures.began, max(end - now, 0)))

    coming = _soaking(plan, town, citizens, begin) if plan.rate else _surging(plan, town, citizens, before)
    every = soak.SAMPLE_SECONDS if plan.rate else 2
    with Watch(plan.watched, every=every, thoroughly=bool(plan.rate)) as watch:
        course.samples = watch.samples
        try:
            engine.run(coming, until=end + _AFTER, each_second=each_second)
        except KeyboardInterrupt:
            course.stopped = True
    return course


def _surging(plan: Plan, town: Town, citizens: list[MadeCitizen], before: float) -> Iterator[Arrival]:
    moments = plan.curve.arrivals(len(citizens), town.dice, before=before, seconds=plan.seconds)
    town.dice.shuffle(citizens)
    for moment, citizen in zip(moments, citizens, strict=True):
        machine = town.dice.randrange(len(plan.targets))
        yield Arrival(town.opens + moment, partial(visit, town, citizen, machine), machine)


def _soaking(plan: Plan, town: Town, citizens: list[MadeCitizen], begin: float) -> Iterator[Arrival]:
    assert plan.rate is not None
    return soak.arrivals(town, deque(citizens), rate=plan.rate, begin=begin, seconds=plan.seconds)
