"""What a change of many slots does to each of them: made, changed, closed, opened again, or left alone and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from booking.rules.release import ALL_AT_ONCE, Portion, standing

# What becomes of a slot.
CREATE, CHANGE, CLOSE, REOPEN = "create", "change", "close", "reopen"
# Why it stays as it is: nothing to do; set by hand; closed; begun already; changed by somebody since the preview.
SAME, EDITED, CLOSED, PAST, TOUCHED = "same", "edited", "closed", "past", "touched"
DONE = (CREATE, CHANGE, CLOSE, REOPEN)


class State(NamedTuple):
    """Everything of a slot that a change may change."""

    opens_at: datetime
    quota: int
    walk_in: int = 0
    community: int = 0
    later: int = 0
    next_portion_at: datetime | None = None
    closed_at: datetime | None = None
    edited_at: datetime | None = None
    withdrawn_at: datetime | None = None
    # Kept for second and later doses.
    doses: int = 0

    @property
    def places(self) -> int:
        """Places for people who book, now or with a later portion."""
        return self.quota + self.later


class Found(NamedTuple):
    """A slot that exists."""

    slot_id: int
    programme_id: int
    starts_at: datetime
    ends_at: datetime
    state: State


class Wanted(NamedTuple):
    """A slot as a plan, or another week, wants it."""

    programme_id: int
    starts_at: datetime
    ends_at: datetime
    state: State
    portions: Sequence[Portion]


class Numbers(NamedTuple):
    """Numbers that are set by hand; None leaves one as it is."""

    places: int | None
    walk_in: int | None
    community: int | None
    doses: int | None = None


class Outcome(NamedTuple):
    """What becomes of one slot, and why. `short`: so many more appointments than places, which nobody may lose."""

    what: str
    starts_at: datetime
    slot_id: int | None = None
    wanted: Wanted | None = None
    before: State | None = None
    after: State | None = None
    short: int = 0


def decide_wanted(
    wanted: Wanted, found: Found | None, *, overwrite: bool, day_is_closed: bool, touched: bool, now: datetime
) -> Outcome:
    """A wanted slot is made, or the one that exists gets its numbers. Closures win over plans, and so does the hand."""
    state = wanted.state
    if day_is_closed:
        state = state._replace(closed_at=now)
    if found is None:
        return Outcome(PAST if wanted.starts_at <= now else CREATE, wanted.starts_at, None, wanted, None, state)
    before = found.state
    reason = _left_alone(found, touched=touched, now=now)
    if reason is None and before.withdrawn_at is not None:
        return Outcome(CREATE, found.starts_at, found.slot_id, wanted, before, state)
    if reason is None and before.closed_at is not None:
        reason = CLOSED
    if reason is None and before.edited_at is not None and not overwrite:
        reason = EDITED
    numbers = Numbers(state.places, state.walk_in, state.community, state.doses)
    return _numbered(found, numbers, wanted.portions, reason=reason, edited_at=None, now=now)


def decide_set(found: Found, numbers: Numbers, portions: Sequence[Portion], *, touched: bool, now: datetime) -> Outcome:
    """The numbers are set by hand; a closed slot gets them too, and stays closed."""
    reason = _left_alone(found, touched=touched, now=now)
    return _numbered(found, numbers, portions, reason=reason, edited_at=now, now=now)


def decide_close(found: Found, *, touched: bool, now: datetime) -> Outcome:
    """The slot is closed; everybody in it loses the place unless appointments are kept."""
    reason = _left_alone(found, touched=touched, now=now)
    before = found.state
    if reason is not None or before.closed_at is not None:
        return Outcome(reason or SAME, found.starts_at, found.slot_id, None, before, before)
    return Outcome(CLOSE, found.starts_at, found.slot_id, None, before, before._replace(closed_at=now))


def decide_reopen(found: Found, *, day_stays_closed: bool, touched: bool, now: datetime) -> Outcome:
    """The slot is opened again, unless its whole day stays closed."""
    reason = _left_alone(found, touched=touched, now=now)
    before = found.state
    if reason is None and before.closed_at is not None and day_stays_closed:
        reason = CLOSED
    if reason is not None or before.closed_at is None:
        return Outcome(reason or SAME, found.starts_at, found.slot_id, None, before, before)
    return Outcome(REOPEN, found.starts_at, found.slot_id, None, before, before._replace(closed_at=None))


def lowered(outcome: Outcome) -> bool:
    """Whether the quota would go down, so that somebody has to count what is taken."""
    return outcome.before is not None and outcome.after is not None and outcome.after.quota < outcome.before.quota


def not_below_taken(outcome: Outcome, taken: int) -> Outcome:
    """The same outcome with a quota not lower than the places taken: then fewer are kept than were asked for."""
    after = outcome.after
    if after is None or after.quota >= taken:
        return outcome
    later = max(after.places - taken, 0)
    # What was kept for later doses before stays kept.
    newly_kept = max(after.doses - outcome.before.doses, 0) if outcome.before is not None else 0
    lacking = max(taken - after.places, 0)
    after = after._replace(
        quota=taken, later=later, next_portion_at=after.next_portion_at if later else None,
        doses=after.doses - min(lacking, newly_kept),
    )  # fmt: skip
    what = SAME if after == outcome.before else outcome.what
    short = lacking - newly_kept
    return outcome._replace(what=what, after=after, short=max(short, 0))


def settled(outcomes: Sequence[Outcome], taken: Mapping[int, int]) -> list[Outcome]:
    """The outcomes, none of them below what is taken of its slot."""
    return [not_below_taken(one, taken.get(one.slot_id or 0, 0)) if lowered(one) else one for one in outcomes]


def _left_alone(found: Found, *, touched: bool, now: datetime) -> str | None:
    if found.starts_at <= now:
        return PAST
    return TOUCHED if touched else None


def _numbered(
    found: Found,
    numbers: Numbers,
    portions: Sequence[Portion],
    *,
    reason: str | None,
    edited_at: datetime | None,
    now: datetime,
) -> Outcome:
    before = found.state
    if reason is not None:
        return Outcome(reason, found.starts_at, found.slot_id, None, before, before)
    places = before.places if numbers.places is None else numbers.places
    walk_in = before.walk_in if numbers.walk_in is None else numbers.walk_in
    community = before.community if numbers.community is None else numbers.community
    doses = before.doses if numbers.doses is None else numbers.doses
    if (places, walk_in, community, doses) == (before.places, before.walk_in, before.community, before.doses):
        return Outcome(SAME, found.starts_at, found.slot_id, None, before, before)
    # In the middle of being released what was not out yet stays back.
    coming = portions if before.next_portion_at is not None else ALL_AT_ONCE
    out = standing(places, coming, opens_at=before.opens_at, now=now)
    after = before._replace(
        quota=out.quota, walk_in=walk_in, community=community, later=out.kept_later,
        next_portion_at=out.next_portion_at, edited_at=edited_at, doses=doses,
    )  # fmt: skip
    return Outcome(CHANGE, found.starts_at, found.slot_id, None, before, after)
