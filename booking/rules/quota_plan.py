"""A weekly pattern of quotas: which slots a weekday has at a site, for how many people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """On one weekday (1 is Monday) from when to when, in slots of so many minutes.

    `places` of each slot; None: as the site's own number per half hour says.
    """

    weekday: int
    begins: time
    ends: time
    minutes: int
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """The sessions of a week, and how many percent of each slot's places are kept back."""

    sessions: tuple[Session, ...]
    walk_in_percent: int = 0
    community_percent: int = 0


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """One slot of a day: `places` to book, and beside them those that are kept back."""

    begins: time
    ends: time
    places: int
    kept_walk_in: int
    kept_community: int


def planned_slots(pattern: Pattern, *, weekday: int, per_half_hour: int) -> list[PlannedSlot]:
    """The slots of a weekday at a site that serves so many in half an hour, in order of time.

    A slot that would end after its session is left out. The site's number counts in proportion to the minutes, rounded
    down, but never to nothing; what is kept back is rounded down too, so that rounding only ever adds to booking.
    """
    planned = []
    for session in sorted((s for s in pattern.sessions if s.weekday == weekday), key=lambda s: s.begins):
        total = session.places
        if total is None:
            total = max(per_half_hour * session.minutes // 30, 1) if per_half_hour else 0
        walk_in = total * pattern.walk_in_percent // 100
        community = total * pattern.community_percent // 100
        planned += [
            PlannedSlot(begins, ends, total - walk_in - community, walk_in, community)
            for begins, ends in _times(session)
        ]
    return planned


def overlapping(sessions: Sequence[Session]) -> list[Session]:
    """The sessions that begin before an earlier one of the same weekday has ended."""
    found: list[Session] = []
    last: Session | None = None
    for session in sorted(sessions, key=lambda s: (s.weekday, s.begins, s.ends)):
        if last is not None and last.weekday == session.weekday and session.begins < last.ends:
            found.append(session)
        if last is None or last.weekday != session.weekday or session.ends > last.ends:
            last = session
    return found


def _times(session: Session) -> list[tuple[time, time]]:
    step, times = timedelta(minutes=session.minutes), []
    begins, until = datetime.combine(date.min, session.begins), datetime.combine(date.min, session.ends)
    while begins + step <= until:
        times.append((begins.time(), (begins + step).time()))
        begins += step
    return times
