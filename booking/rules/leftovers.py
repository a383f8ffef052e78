"""Who is told of a leftover dose, in which order, for how long, and when nobody is told.

The order, as people see it too: who named this site, then who named its district, then who would come to any site of
the city, of those the ones who live nearer first; among equals whoever joined first. Homes are known by their district.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking.rules.messages import is_quiet

MOST_DOSES = 50
MOST_OFFERS_A_DAY = 3
# A person may wait so long; then the wish ends by itself.
MOST_DAYS = 28
# A round needs the time for one answer and the way; with less than LEAST_FOR_AN_OFFER left nobody new is asked.
LEAST_FOR_A_ROUND = timedelta(minutes=20)
LEAST_FOR_AN_OFFER = timedelta(minutes=10)
# How long people are told that the way may take.
TRAVEL_MINUTES = 40


@dataclass(frozen=True, slots=True)
class Stretch:
    """A slot by its key and its time."""

    slot_id: int
    starts_at: datetime
    ends_at: datetime


def refusal_of_round(*, until: datetime, now: datetime) -> str:
    """Why a round until then cannot begin now, as a code; empty if it can. Both in the city's zone."""
    if is_quiet(now):
        return "quiet"
    if until.date() != now.date():
        return "not_today"
    return "too_soon" if until < now + LEAST_FOR_A_ROUND else ""


def may_ask(*, until: datetime, now: datetime) -> bool:
    """Whether somebody may still be asked: they could answer and come. Both in the city's zone."""
    return not is_quiet(now) and now + LEAST_FOR_AN_OFFER <= until


def answer_until(*, now: datetime, until: datetime, minutes: int) -> datetime:
    """Until when an offer made now may be answered."""
    return min(now + timedelta(minutes=minutes), until)


def to_offer(*, doses: int, promised: int, asked: int) -> int:
    """How many more may be asked: every open offer could become a yes."""
    return max(doses - promised - asked, 0)


def homes_nearest_first(metres: Mapping[str, int]) -> list[str]:
    """The districts' codes, by the way from their centre to the site."""
    return sorted(metres, key=lambda code: (metres[code], code))


def slot_for(slots: Sequence[Stretch], *, until: datetime) -> int | None:
    """The slot that somebody who comes by then is written into: the one that has begun by then, or the nearest."""

    def off(slot: Stretch) -> timedelta:
        if slot.starts_at < until <= slot.ends_at:
            return timedelta(0)
        return slot.starts_at - until if until <= slot.starts_at else until - slot.ends_at

    return min(slots, key=lambda slot: (off(slot), slot.starts_at)).slot_id if slots else None


def last_day(today: date) -> date:
    """The last day until which somebody may wait."""
    return today + timedelta(days=MOST_DAYS)
