"""The order in the queue of a release, and when whose turn it is; how browsers are kept from coming all at once.

Whoever comes before the opening gets a fraction of the queue, drawn from the queue's seed and the person, so that one
person has one fraction however often and from wherever they come. Whoever comes later stands behind all of them.
The page's script does the same arithmetic (static/booking/queue.js); the server decides.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# Fractions are whole numbers below this: few enough bits for a browser's numbers.
ONE = 2**52

# How many joins a second the application shall see when a whole city comes at once, and how many looks at the state.
_LONGEST_SPREAD = 600
_LOOKS_A_SECOND = 100
_SHORTEST_LOOK, _LONGEST_LOOK = 15, 2700


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in the queue: a fraction of those who came before the opening, or a number behind them, from 1."""

    early: bool
    number: int


@dataclass(frozen=True, slots=True)
class Pace:
    """When the queue opened, how many stood in it then, and how many are let in each minute."""

    opens_at: datetime
    early: int
    people_a_minute: int


def fraction_of(seed: str, person: UUID) -> int:
    """The person's fraction of ONE in the queue that has this seed."""
    digest = hmac.digest(seed.encode(), person.bytes, "sha256")
    return int.from_bytes(digest[:8], "big") >> 12


def ahead(standing: Standing, early: int) -> int:
    """How many people come before."""
    return standing.number * early // ONE if standing.early else early + standing.number - 1


def let_in_at(standing: Standing, pace: Pace) -> datetime:
    """From when on the place counts."""
    return pace.opens_at + timedelta(minutes=ahead(standing, pace.early) / pace.people_a_minute)


def let_in_by(now: datetime, pace: Pace) -> int:
    """How many people have been let in by now."""
    minutes = (now - pace.opens_at).total_seconds() / 60
    return 0 if minutes < 0 else int(minutes * pace.people_a_minute) + 1


def drained_at(people: int, pace: Pace) -> datetime:
    """When the last of so many people is let in."""
    return pace.opens_at + timedelta(minutes=max(people - 1, 0) / pace.people_a_minute)


def spread_seconds(*, opens_at: datetime, now: datetime) -> int:
    """Within how many seconds a browser that has just come joins, at a random moment.

    Before the opening it makes no difference when somebody joins, so that there is time: half of what is left. After
    it each second counts.
    """
    left = (opens_at - now).total_seconds()
    return 5 if left <= 0 else max(min(int(left / 2), _LONGEST_SPREAD), 2)


def look_seconds(waiting: int) -> tuple[int, int]:
    """After how many seconds, from and to, a browser looks at the queue's state again when so many people wait.

    It knows its own time without looking; what it may learn is that places have run out, or that plans have changed.
    """
    mean = min(max(waiting / _LOOKS_A_SECOND, _SHORTEST_LOOK), _LONGEST_LOOK)
    return int(mean * 0.75), int(mean * 1.25)
