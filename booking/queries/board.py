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
    kept: tuple[float, list[BoardDay]] | None = cache.get(key)
    fresh = kept is not None and now.timestamp() - kept[0] < settings.BOARD_SECONDS
    if kept is not None and (fresh or not cache.add(f"{key}:making", 1, 10)):
        return kept[1]
    made = _make(programme, first, last, now)
    cache.set(key, (now.timestamp(), made), 120)
    cache.delete(f"{key}:making")
    return made


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
