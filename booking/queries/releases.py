"""When places are released next."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Min, Q

from booking.models import ReleaseMode, Slot
from booking.queries.programmes import ProgrammeRow, active_programmes

# Seconds. It reads every slot ahead, and changes when an administrator publishes.
_KEEP = 60
_KEY = "releases:openings"


@dataclass(frozen=True, slots=True)
class Release:
    """A moment at which places become bookable, and what can be booked then."""

    opens_at: datetime
    programmes: tuple[ProgrammeRow, ...]


def next_release(*, now: datetime) -> Release | None:
    """The next moment at which slots open or a portion of theirs comes, of programmes that are simply open."""
    openings = next_openings(now=now)
    # Where people are let in otherwise, the moment at which slots open says nothing to them.
    simply = [row for row in active_programmes() if row.release_mode == ReleaseMode.OPEN and row.code in openings]
    if not simply:
        return None
    at = min(openings[row.code] for row in simply)
    return Release(at, tuple(row for row in simply if openings[row.code] == at))


def next_openings(*, now: datetime) -> dict[str, datetime]:
    """By code of the programme, when its next slots open or a portion of theirs comes; only where some wait."""
    kept: dict[str, datetime] | None = cache.get(_KEY)
    if kept is None or any(at <= now for at in kept.values()):
        kept = _next_openings(now)
        cache.set(_KEY, kept, _KEEP)
    return kept


def next_opening(programme: ProgrammeRow, openings: dict[str, datetime], *, now: datetime) -> datetime | None:
    """When somebody may book, or enter a draw, who may not yet; None if that is not known. `openings` as above."""
    if programme.release_mode == ReleaseMode.COHORT:
        return min((one.rule.opens_at for one in programme.cohorts if one.rule.opens_at > now), default=None)
    if programme.release_mode == ReleaseMode.DRAW:
        return programme.draw.opens_at if programme.draw and programme.draw.opens_at > now else None
    return openings.get(programme.code) if programme.release_mode == ReleaseMode.OPEN else None


def forget_releases() -> None:
    """The next question reads the ledger: somebody changed when places come."""
    cache.delete(_KEY)


def _next_openings(now: datetime) -> dict[str, datetime]:
    ahead = Slot.objects.standing().filter(closed_at=None, starts_at__gt=now, programme__is_active=True)
    waiting = ahead.filter(Q(opens_at__gt=now) | Q(next_portion_at__gt=now)).order_by().values("programme__code")
    rows = waiting.annotate(
        opens=Min("opens_at", filter=Q(opens_at__gt=now)),
        portion=Min("next_portion_at", filter=Q(next_portion_at__gt=now)),
    )
    return {row["programme__code"]: min(at for at in (row["opens"], row["portion"]) if at is not None) for row in rows}
