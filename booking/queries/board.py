"""The whole city at a glance: for each site and day of a programme, what is left and from when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from booking.models import Slot
from booking.queries.availability import SlotRow, day_bounds, slot_rows, with_places
from booking.rules.availability import BOOKABLE, day_state

_Kept = tuple[float, list["BoardDay"]]
# What this process has read last: unpacking a city's board costs more than a page. As old as the shared one, no older.
_read: dict[str, _Kept] = {}
_MOST_READ = 30


@dataclass(frozen=True, slots=True)
class BoardDay:
    """One site on one day. `earliest` is the first slot with a place, None if there is none."""

    site_code: str
    district: str
    day: date
    places_left: int
    state: str
    earliest: datetime | None


def board(*, programme: str, first: date, last: date, now: datetime) -> list[BoardDay]:
    """Every site and day that has slots of the programme, by site and day.

    Made at most once in settings.BOARD_SECONDS for all processes together; who comes while it is being made gets the
    one before. It reads the ledger only for slots that the cache does not hold.
    """
    key = f"board:{programme}:{first}:{last}"
    read = _read.get(key)
    if read is not None and _is_fresh(read, now):
        return read[1]
    kept: _Kept | None = cache.get(key)
    if kept is not None and (_is_fresh(kept, now) or not cache.add(f"{key}:making", 1, 10)):
        _remember(key, kept)
        return kept[1]
    made = (now.timestamp(), _make(programme, first, last, now))
    cache.set(key, made, 120)
    cache.delete(f"{key}:making")
    _remember(key, made)
    return made[1]


def forget_boards() -> None:
    """The next question asks the shared cache."""
    _read.clear()


def _is_fresh(kept: _Kept, now: datetime) -> bool:
    return now.timestamp() - kept[0] < settings.BOARD_SECONDS


def _remember(key: str, kept: _Kept) -> None:
    if len(_read) >= _MOST_READ:
        _read.clear()
    _read[key] = kept


def _make(programme: str, first: date, last: date, now: datetime) -> list[BoardDay]:
    districts, rows = _slots(programme, first, last)
    days: dict[tuple[str, date], list[tuple[str, int, int, datetime]]] = {}
    for slot in with_places(rows, now=now):
        key = (slot.row.site_code, timezone.localdate(slot.row.starts_at))
        days.setdefault(key, []).append((slot.state, slot.places_left, slot.row.quota, slot.row.starts_at))
    return [_day(districts[site], site, day, slots) for (site, day), slots in sorted(days.items())]


def _day(district: str, site: str, day: date, slots: Sequence[tuple[str, int, int, datetime]]) -> BoardDay:
    bookable = [(left, starts_at) for state, left, _, starts_at in slots if state in BOOKABLE]
    return BoardDay(
        site_code=site,
        district=district,
        day=day,
        places_left=sum(left for left, _ in bookable),
        state=day_state((state, left, quota) for state, left, quota, _ in slots),
        earliest=min((starts_at for _, starts_at in bookable), default=None),
    )


def _slots(programme: str, first: date, last: date) -> tuple[dict[str, str], list[SlotRow]]:
    # A new day at a site may show up here this much later than on the site's own page.
    key = f"board:slots:{programme}:{first}:{last}"
    kept: tuple[dict[str, str], list[SlotRow]] | None = cache.get(key)
    if kept is None:
        start, end = day_bounds(first, last)
        found = Slot.objects.filter(
            programme__code=programme, starts_at__gte=start, starts_at__lt=end, site__is_active=True
        )
        districts = dict(found.order_by().values_list("site__code", "site__district_id").distinct())
        kept = (districts, slot_rows(found))
        cache.set(key, kept, 30)
    return kept
