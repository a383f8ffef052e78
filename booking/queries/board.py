"""The whole city at a glance: for each site and day of a programme, what is left and from when."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from accounts.pieces import in_pieces
from booking.models import Slot
from booking.queries.availability import day_bounds, left_of
from booking.queries.stale import may_be_old
from booking.rules.availability import CLOSED, NOT_OPEN, state_of
from sites.kept import Kept

# Which slots there are, beside the shared cache: unpacking a city's slots takes longer than counting their places.
_in_process = Kept(30, most=30)
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


# A slot as the board needs it: slot, starts_at and opens_at in epoch seconds, quota, whether it is closed.
_Slot = tuple[int, float, float, int, bool]
_Days = list[tuple[str, str, date, list[_Slot]]]


def _make(programme: str, first: date, last: date, now: datetime) -> list[BoardDay]:
    days: _Days = _in_process.get((programme, first, last), lambda: _days(programme, first, last))
    left = left_of({slot[0]: slot[3] for _, _, _, slots in days for slot in slots}, now=now, for_everybody=True)
    moment, zone = now.timestamp(), timezone.get_default_timezone()
    made = []
    for site, district, day, slots in days:
        # Forty thousand slots for a city: plain numbers, and rules.availability only once for a day.
        places = quota = 0
        earliest = None
        opens_later = False
        for slot_id, starts_at, opens_at, most, is_closed in slots:
            if is_closed or starts_at <= moment:
                continue
            if moment < opens_at:
                opens_later = True
                continue
            quota += most
            if left[slot_id] > 0:
                places += left[slot_id]
                earliest = starts_at if earliest is None else min(earliest, starts_at)
        state = state_of(places_left=places, quota=quota) if quota else NOT_OPEN if opens_later else CLOSED
        first_at = None if earliest is None else datetime.fromtimestamp(earliest, zone)
        made.append(BoardDay(site, district, day, places, state, first_at))
    return made


def _days(programme: str, first: date, last: date) -> _Days:
    # A new day at a site may show up here this much later than on the site's own page.
    key = f"board:slots:{programme}:{first}:{last}"
    kept: _Days | None = cache.get(key)
    if kept is None:
        kept = may_be_old(lambda ledger: _read_days(ledger, programme, first, last))
        cache.set(key, kept, 30)
    return kept


def _read_days(ledger: str, programme: str, first: date, last: date) -> _Days:
    start, end = day_bounds(first, last)
    zone = timezone.get_default_timezone()
    found = (
        Slot.objects.using(ledger)
        .standing()
        .filter(programme__code=programme, starts_at__gte=start, starts_at__lt=end, site__is_active=True)
        .order_by()
        .values_list("site__code", "site__district_id", "pk", "starts_at", "opens_at", "quota", "closed_at")
    )
    days: dict[tuple[str, str, date], list[_Slot]] = {}
    for site, district, pk, starts_at, opens_at, quota, closed_at in in_pieces(found, size=5000):
        day = starts_at.astimezone(zone).date()
        slot = (pk, starts_at.timestamp(), opens_at.timestamp(), quota, closed_at is not None)
        days.setdefault((site, district, day), []).append(slot)
    return [(*key, slots) for key, slots in sorted(days.items(), key=lambda item: (item[0][0], item[0][2]))]
