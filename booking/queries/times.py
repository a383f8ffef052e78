"""The times of one site: each day of the release window with its state, and its slots with what is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from booking import admission
from booking.admission import GateDown
from booking.models import Slot
from booking.queries.availability import SlotRow, slot_rows, slots_of_site, with_places
from booking.rules.availability import BOOKABLE, CLOSED, FULL, NOT_OPEN, day_state
from sites.kept import Kept

# Seconds. Which slots there are; how many places they have left is asked each time.
_in_process = Kept(1, most=500)


@dataclass(frozen=True, slots=True)
class Time:
    """A slot as the picker shows it: `state` is full as well where there is not room for everybody who comes."""

    slot_id: int
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    places_left: int
    state: str

    @property
    def is_bookable(self) -> bool:
        return self.state in BOOKABLE


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
    *, site_id: int, programme: str, first: date, last: date, from_date: date, people: int, now: datetime
) -> list[Day]:
    """Every day from `first` to `last`, with room counted for so many people; none of it before `from_date`."""

    def read() -> list[SlotRow]:
        return slots_of_site(site_id=site_id, programme=programme, first=first, last=last)

    rows: list[SlotRow] = _in_process.get((site_id, programme, first, last), read)
    by_day: dict[date, list[tuple[Time, int]]] = {}
    for slot in with_places(rows, now=now):
        day = timezone.localdate(slot.row.starts_at)
        enough = slot.state not in BOOKABLE or (slot.places_left >= people and day >= from_date)
        time = Time(
            slot.row.slot_id,
            slot.row.starts_at,
            slot.row.ends_at,
            slot.row.opens_at,
            slot.places_left,
            slot.state if enough else FULL,
        )
        by_day.setdefault(day, []).append((time, slot.row.quota))
    count = (last - first).days + 1
    return [_day(first + timedelta(days=n), by_day.get(first + timedelta(days=n), ()), from_date) for n in range(count)]


def _day(day: date, times: Iterable[tuple[Time, int]], from_date: date) -> Day:
    times = list(times)
    if day < from_date:
        return Day(day, CLOSED, (), is_too_early=bool(times))
    state = day_state((time.state, 0 if time.state == FULL else time.places_left, quota) for time, quota in times)
    # What has begun is of no use to anybody.
    return Day(day, state, tuple(time for time, _ in times if time.state != CLOSED))


def next_release(days: Sequence[Day]) -> datetime | None:
    """When the next slots of these days are released; None if all of them are."""
    return min((time.opens_at for day in days for time in day.times if time.state == NOT_OPEN), default=None)


def has_room(slot_id: int, *, claims: Sequence[str], people: int, now: datetime) -> bool:
    """Whether so many people could still get the slot, or their lapsed holds of it have not gone to others yet."""
    slots = with_places(slot_rows(Slot.objects.filter(pk=slot_id)), now=now)
    if not slots or slots[0].state in (CLOSED, NOT_OPEN):
        return False
    if slots[0].places_left >= people:
        return True
    try:
        return set(claims) <= admission.snapshot(slot_id).keys()
    except GateDown:
        return False
