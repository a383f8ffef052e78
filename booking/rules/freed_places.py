"""What becomes of a place that somebody gave up: who is asked, how long they may think, when it goes to everybody.

All times are the city's. A place is offered to one person after the other; if nobody wants it, it goes back after a
delay that nobody can foresee, so that no script can wait for it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from booking.rules.hours import part_of_day
from booking.rules.messages import QUIET_UNTIL, is_quiet

# An answer counts until so long before the slot at the latest, so that there is time to come.
ANSWER_BEFORE_START = timedelta(hours=1)
# With less time for an answer nobody is asked.
LEAST_FOR_AN_ANSWER = timedelta(minutes=10)
# So close to the start a place goes back at once.
NO_DELAY_WITHIN = timedelta(hours=2)
# A person and those who come along.
MOST_COMPANIONS = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """An entry of the waitlist: how many people come together, where, on which weekdays (1 to 7) and parts of the day.

    Without sites and districts any site will do, without days any day, without parts any time. `asked` are the slots
    that it was asked about before.
    """

    entry_id: UUID
    people: int
    until: date
    sites: Collection[int] = ()
    districts: Collection[str] = ()
    days: Collection[int] = ()
    parts: Collection[str] = ()
    asked: Collection[int] = ()


@dataclass(slots=True)
class Freed:
    """A slot in which `places` were given up."""

    slot_id: int
    site_id: int
    district: str
    starts_at: datetime
    places: int
    # Entries that cannot take a place here, whatever they wish.
    without: set[UUID] = field(default_factory=set)


def fits(wish: Wish, slot: Freed) -> bool:
    """Whether the slot is what they wait for; how many places there are is not looked at."""
    day = slot.starts_at.date()
    return (
        day <= wish.until
        and (not (wish.sites or wish.districts) or slot.site_id in wish.sites or slot.district in wish.districts)
        and (not wish.days or day.isoweekday() in wish.days)
        and (not wish.parts or part_of_day(slot.starts_at) in wish.parts)
        and slot.slot_id not in wish.asked
        and wish.entry_id not in slot.without
    )


def allot(slots: Sequence[Freed], wishes: Sequence[Wish]) -> list[tuple[Wish, Freed]]:
    """Who is asked about which slot: the first in line first, all who come together or none of them.

    Takes the places away from the slots.
    """
    chosen: list[tuple[Wish, Freed]] = []
    left = [slot for slot in slots if slot.places]
    for wish in wishes:
        if not left:
            break
        slot = next((one for one in left if one.places >= wish.people and fits(wish, one)), None)
        if slot is None:
            continue
        chosen.append((wish, slot))
        slot.places -= wish.people
        if not slot.places:
            left.remove(slot)
    return chosen


def answer_until(*, starts_at: datetime, now: datetime, minutes: int) -> datetime | None:
    """Until when somebody who is asked now may answer; None if that would be too short."""
    until = min(now + timedelta(minutes=minutes), starts_at - ANSWER_BEFORE_START)
    return until if until >= now + LEAST_FOR_AN_ANSWER else None


def morning_after(*, starts_at: datetime, now: datetime) -> datetime | None:
    """At a quiet time: when people may be asked again, if somebody who is asked then can still answer and come."""
    day = now.date() if now.time() < QUIET_UNTIL else now.date() + timedelta(days=1)
    morning = datetime.combine(day, QUIET_UNTIL, now.tzinfo)
    return morning if answer_until(starts_at=starts_at, now=morning, minutes=24 * 60) is not None else None


def when_to_ask(*, starts_at: datetime, now: datetime) -> datetime | None:
    """Now, the morning after a quiet time, or never because the slot begins too soon."""
    if is_quiet(now):
        return morning_after(starts_at=starts_at, now=now)
    return now if answer_until(starts_at=starts_at, now=now, minutes=24 * 60) is not None else None


def delay(*, starts_at: datetime, now: datetime, minutes: int, fraction: float) -> timedelta:
    """After how long a place that nobody on the waitlist wants goes back to everybody. `fraction` is from 0 to 1."""
    if starts_at <= now + NO_DELAY_WITHIN:
        return timedelta(0)
    return timedelta(minutes=minutes) * fraction
