"""How the day of one made-up person at a site goes, as far as it has gone by now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from booking.models import Status, VisitStatus

# How the day goes, in hundredths; the rest come in time and all goes well.
_CANCELLED, _NO_SHOW, _DEFERRED, _EARLY, _LATE, _LEFT_EARLY, _REACTION = 4, 9, 12, 15, 19, 21, 23
OBSERVED = timedelta(minutes=30)
GIVEN_UP_AFTER = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Course:
    """What has happened to somebody by now, each with its time; None for what has not, or never will."""

    cancelled_at: datetime | None = None
    given_up_at: datetime | None = None
    arrived_at: datetime | None = None
    called_at: datetime | None = None
    asked_at: datetime | None = None
    deferred: bool = False
    given_at: datetime | None = None
    reacted_at: datetime | None = None
    left_at: datetime | None = None
    left_early: bool = False

    @property
    def status(self) -> Status:
        """How the appointment stands."""
        if self.cancelled_at or self.deferred:
            return Status.CANCELLED
        if self.given_up_at:
            return Status.NO_SHOW
        if self.given_at:
            return Status.FULFILLED
        return Status.CHECKED_IN if self.arrived_at else Status.BOOKED

    @property
    def visit_status(self) -> VisitStatus:
        """How the visit of somebody who has arrived stands."""
        if self.left_at or self.deferred:
            return VisitStatus.FINISHED
        if self.given_at:
            return VisitStatus.IN_PROGRESS
        return VisitStatus.TRIAGED if self.asked_at else VisitStatus.ARRIVED


def course(draw: Random, *, start: datetime, now: datetime) -> Course:
    """The day of somebody whose slot begins at `start`."""
    fate = draw.randrange(100)
    if fate < _CANCELLED:
        return Course(cancelled_at=min(start, now) - timedelta(hours=draw.randint(3, 40)))
    if fate < _NO_SHOW:
        given_up = start + GIVEN_UP_AFTER
        return Course(given_up_at=given_up if given_up <= now else None)
    times = _times(draw, start, fate)

    def done(name: str) -> datetime | None:
        return times[name] if name in times and times[name] <= now else None

    return Course(
        arrived_at=done("arrived"),
        called_at=done("called"),
        asked_at=done("asked"),
        deferred=_NO_SHOW <= fate < _DEFERRED and done("asked") is not None,
        given_at=done("given"),
        reacted_at=done("reacted"),
        left_at=done("left"),
        left_early=_LATE <= fate < _LEFT_EARLY,
    )


def _times(draw: Random, start: datetime, fate: int) -> dict[str, datetime]:
    def after(moment: datetime, least: int, most: int) -> datetime:
        return moment + timedelta(seconds=draw.randint(least * 60, most * 60))

    if _DEFERRED <= fate < _EARLY:
        arrived = after(start, -55, -20)
    elif _EARLY <= fate < _LATE:
        arrived = after(start, 32, 55)
    else:
        arrived = after(start, -12, 20)
    called = after(arrived, 2, 9)
    asked = after(called, 1, 3)
    times = {"arrived": arrived, "called": called, "asked": asked}
    if _NO_SHOW <= fate < _DEFERRED:
        return {**times, "left": after(asked, 1, 3)}
    given = after(asked, 3, 10)
    times["given"] = given
    if _LEFT_EARLY <= fate < _REACTION:
        times["reacted"] = after(given, 3, 12)
        return {**times, "left": after(given, 50, 70)}
    # Not everybody goes the moment the time is over.
    times["left"] = after(given, 8, 20) if _LATE <= fate < _LEFT_EARLY else after(given + OBSERVED, 0, 12)
    return times
