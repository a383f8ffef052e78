"""What counts as an equal or better place for somebody whose slot was closed, and which of several is best.

Equal or better: the same programme, near enough, soon enough, and with every facility of the old site that some people
cannot do without. What the person's series allows comes on top (rules.eligibility): no dose sooner than its interval,
and none so late that the next one would come too soon, unless that one can move along. Times are in the city's zone.

The rank says, in this order:

1. the same day within two hours of the old time; then the same day; then one day later, two, up to seven;
2. fewer kilometres from the old site: the old site itself counts as none;
3. within one kilometre the old district first, then fewer metres;
4. nearer to the old time of day, earlier, and last the key, so that the answer is always the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

# Half an hour by bus. Beyond that people choose better for themselves.
MOST_METRES = 10_000
# A message must be read, and the way be made.
LEAST_NOTICE = timedelta(hours=2)
# Whoever has taken an afternoon off can come at any time of it.
ABOUT_THE_SAME_TIME = timedelta(hours=2)
# Later than that it is another appointment rather than the same one.
MOST_DAYS_LATER = 7
# Some people cannot do without these. Whoever came by car finds a way.
NEEDED = frozenset({"step_free", "english"})

_KILOMETRE = 1000


@dataclass(frozen=True, slots=True)
class Lost:
    """The place that was lost: when, and at what kind of site."""

    starts_at: datetime
    district: str
    facilities: Collection[str]


@dataclass(frozen=True, slots=True)
class Offered:
    """A slot of the same programme with room, `metres` from the old site."""

    slot_id: int
    starts_at: datetime
    district: str
    facilities: Collection[str]
    metres: int


def is_good_enough(lost: Lost, offered: Offered, *, now: datetime) -> bool:
    """Whether the place is equal or better, but for what the series of the person asks for."""
    days_later = (offered.starts_at.date() - lost.starts_at.date()).days
    return (
        offered.starts_at >= now + LEAST_NOTICE
        and 0 <= days_later <= MOST_DAYS_LATER
        and has_what_matters(lost.facilities, offered.facilities)
        and offered.metres <= MOST_METRES
    )


def has_what_matters(old: Collection[str], new: Collection[str]) -> bool:
    """Whether the new site has every facility of the old one that people may depend on."""
    return NEEDED.intersection(old) <= set(new)


def rank(lost: Lost, offered: Offered) -> tuple[int, ...]:
    """The smaller, the better; never equal for two slots."""
    days_later = (offered.starts_at.date() - lost.starts_at.date()).days
    # As if it were the old day, so that ten o'clock stays ten o'clock on any day.
    off = abs(offered.starts_at - timedelta(days=days_later) - lost.starts_at)
    return (
        0 if days_later == 0 and off <= ABOUT_THE_SAME_TIME else 1 + days_later,
        offered.metres // _KILOMETRE,
        offered.district != lost.district,
        offered.metres,
        round(off.total_seconds()),
        round(offered.starts_at.timestamp()),
        offered.slot_id,
    )
