"""The soonest place that a site can give today: chosen from what there is, and made while nobody else can."""

from datetime import datetime

from django.db import transaction

from booking.models import Slot, WalkInSource
from booking.operations.refusals import SlotClosed, SlotFull
from booking.operations.walk_ins.extra_place import ExtraPlace, extra_place
from booking.operations.walk_ins.refusals import NoPlaceToday
from booking.queries.desk.walk_in_places import WalkInPlace, walk_in_places

# Others may take what was there when we looked, so we look again.
_TRIES = 5


def take_place(
    site_id: int, programme_id: int, claim: str, *, slot_id: int | None, by: int, now: datetime
) -> tuple[ExtraPlace, WalkInPlace]:
    """A place of the programme today, in that slot if one is named, in the caller's transaction.

    The caller writes the appointment and the WalkIn in the same transaction. Raises NoPlaceToday.
    """
    for _ in range(_TRIES):
        places = [
            one
            for one in walk_in_places(site_id, now=now)
            if one.programme_id == programme_id and slot_id in (None, one.slot_id)
        ]
        if not places:
            break
        try:
            # A place that is gone leaves no lock behind.
            with transaction.atomic():
                return _take(site_id, places[0], claim, by=by, now=now), places[0]
        except (SlotFull, SlotClosed):
            continue
    raise NoPlaceToday()


def _take(site_id: int, place: WalkInPlace, claim: str, *, by: int, now: datetime) -> ExtraPlace:
    if place.source == WalkInSource.LATE:
        # Whoever gives one of the same late people's places waits here, and then counts again.
        _lock({place.slot_id, place.given_by})
        if not _still_there(site_id, place, now=now):
            raise SlotFull()
    return extra_place(place.slot_id, claim, place.source, by=by, now=now)


def _lock(slot_ids: set[int]) -> None:
    # In the order of their keys, as all who lock more than one slot.
    list(Slot.objects.select_for_update(of=("self",)).filter(pk__in=slot_ids).order_by("pk"))


def _still_there(site_id: int, place: WalkInPlace, *, now: datetime) -> bool:
    wanted = (place.slot_id, place.given_by, place.source)
    return wanted in [(one.slot_id, one.given_by, one.source) for one in walk_in_places(site_id, now=now)]
