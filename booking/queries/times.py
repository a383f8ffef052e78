"""The times of one site: each day of the release window with its state, and its slots with what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from booking import admission
from booking.admission import GateDown
from booking.models import Slot
from booking.queries.availability import OpenSlot, SlotRow, slot_rows, slots_of_site, with_places
from booking.queries.neighbours import run_from
from booking.rules.availability import BOOKABLE, CLOSED, FULL, NOT_OPEN, day_state
from sites.kept import Kept

# Seconds. Which slots there are; how many places they have left is asked each time.
_in_process = Kept(1, most=500)


@dataclass(frozen=True, slots=True)
class Time:
    """A slot as the picker shows it, with room for everybody who comes.

    `slot_ids` has one slot for each of them: the same for all where it has room, else those that follow it without a
    gap; it is empty, and `state` full, where they do not fit. `ends_at` is the end of the last of these slots.
    """

    slot_id: int
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    places_left: int
    state: str
    slot_ids: tuple[int, ...] = ()

    @property
    def is_bookable(self) -> bool:
        return bool(self.slot_ids)

    @property
    def is_split(self) -> bool:
        """Whether they come in more than one slot."""
        return len(set(self.slot_ids)) > 1


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the window with its slots in order of time; `is_too_early` where the patient may not have it yet."""

    day: date
    state: str
    times: tuple[Time, ...]
    is_too_early: bool = False

    @property
    def is_bookable(self) -> bool:
        return any(time.is_bookable for time in self.times)

    @property
    def places_left(self) -> int:
        return sum(time.places_left for time in self.times if time.is_bookable)


def window(today: date) -> tuple[date, date]:
    """The first and the last day that may be booked."""
    return today, today + timedelta(days=settings.RELEASE_DAYS - 1)


def days_at(
    *,
    site_id: int,
    programme: str,
    first: date,
    last: date,
    from_date: date,
    people: int,
    now: datetime,
    later_dose: bool = False,
) -> list[Day]:
    """Every day from `first` to `last`, with room counted for so many people; none of it before `from_date`.

    For one person's `later_dose` the places that are kept for those count, too.
    """

    def read() -> list[SlotRow]:
        return slots_of_site(site_id=site_id, programme=programme, first=first, last=last)

    rows: list[SlotRow] = _in_process.get((site_id, programme, first, last), read)
    by_day: dict[date, list[OpenSlot]] = {}
    for slot in with_places(rows, now=now, later_dose=later_dose):
        by_day.setdefault(timezone.localdate(slot.row.starts_at), []).append(slot)
    count = (last - first).days + 1
    dates = [first + timedelta(days=n) for n in range(count)]
    return [_day(day, by_day.get(day, []), from_date, people) for day in dates]


def _day(day: date, slots: Sequence[OpenSlot], from_date: date, people: int) -> Day:
    if day < from_date:
        return Day(day, CLOSED, (), is_too_early=bool(slots))
    times = [_time(slots[n : n + people], people) for n in range(len(slots))]
    state = day_state(
        (time.state, 0 if time.state == FULL else time.places_left, slot.row.quota)
        for time, slot in zip(times, slots, strict=True)
    )
    # What has begun is of no use to anybody.
    return Day(day, state, tuple(time for time in times if time.state != CLOSED))


def _time(slots: Sequence[OpenSlot], people: int) -> Time:
    first, run = slots[0], run_from(slots, people)
    row, fits = first.row, bool(run) or first.state not in BOOKABLE
    return Time(
        row.slot_id,
        row.starts_at,
        run[-1][0].row.ends_at if run else row.ends_at,
        row.opens_at,
        first.places_left,
        first.state if fits else FULL,
        tuple(slot.row.slot_id for slot, count in run for _ in range(count)),
    )


def next_release(days: Sequence[Day]) -> datetime | None:
    """When the next slots of these days are released; None if all of them are."""
    return min((time.opens_at for day in days for time in day.times if time.state == NOT_OPEN), default=None)


def has_room(wanted: Mapping[int, int], *, claims: Sequence[tuple[int, str]], now: datetime) -> bool:
    """Whether each slot could still take so many people, or has not yet given their lapsed holds to others.

    `claims` are those holds, as (slot, claim).
    """
    slots = with_places(slot_rows(Slot.objects.filter(pk__in=wanted)), now=now)
    if len(slots) < len(wanted) or any(slot.state in (CLOSED, NOT_OPEN) for slot in slots):
        return False
    try:
        return all(
            slot.places_left + _still_held(slot.row.slot_id, claims) >= wanted[slot.row.slot_id] for slot in slots
        )
    except GateDown:
        return False


def _still_held(slot_id: int, claims: Sequence[tuple[int, str]]) -> int:
    """How many of the holds in the slot nobody else has been given yet."""
    own = [claim for held_in, claim in claims if held_in == slot_id]
    return sum(claim in admission.snapshot(admission.held_at(slot_id, claim)) for claim in own)
