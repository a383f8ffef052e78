"""The slots of a made-up day: those that the site has, with more places, and those that it lacks."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from booking.models import Programme, Slot, SlotEvent, SlotEventKind
from sites.models import Site

_HALF_HOUR = timedelta(minutes=30)
_OPEN_BEFORE = timedelta(days=15)
# Places that stay free for whoever tries the city out.
_FREE = 3
# At times at which no site has slots.
_EARLIER = ((61, time(12, 30)), (19, time(13)))
_EARLIER_PLACES = 80

Wanted = tuple[Programme, datetime]


def add_slots(site: Site, wanted: Sequence[Wanted], *, now: datetime) -> dict[tuple[int, datetime], Slot]:
    """By programme (its key) and start, a slot with room for everybody wanted there, beside those it has already.

    A slot's `quota` in memory is what it was: theirs are the numbers above it.
    """
    counts = Counter((programme.pk, start) for programme, start in wanted)
    starts = [start for _programme, start in counts]
    rows = Slot.objects.filter(site=site, starts_at__in=starts).select_for_update()
    found = {(slot.programme_id, slot.starts_at): slot for slot in rows}
    new = [
        Slot(
            site=site,
            programme_id=programme_id,
            starts_at=start,
            ends_at=start + _HALF_HOUR,
            opens_at=min(start, now) - _OPEN_BEFORE,
            quota=0,
        )
        for programme_id, start in counts
        if (programme_id, start) not in found
    ]
    found |= {(slot.programme_id, slot.starts_at): slot for slot in Slot.objects.bulk_create(new)}
    events, larger = [], []
    for key, count in counts.items():
        slot = found[key]
        quota = slot.quota + count + (_FREE if not slot.quota else 0)
        kind = SlotEventKind.QUOTA_SET if slot.quota else SlotEventKind.PUBLISHED
        facts = {"from": slot.quota, "to": quota} if slot.quota else {"quota": quota}
        events.append(SlotEvent(slot=slot, kind=kind, at=now, facts=facts))
        larger.append(Slot(pk=slot.pk, quota=quota))
    Slot.objects.bulk_update(larger, ["quota"])
    SlotEvent.objects.bulk_create(events)
    return found


def add_earlier_slots(site: Site, programme: Programme, day: date) -> tuple[Slot, Slot]:
    """Two slots of weeks ago, in which people have had their first dose: long enough ago, and not long enough."""
    zone = timezone.get_default_timezone()
    long_ago, lately = (
        Slot.objects.get_or_create(
            site=site,
            programme=programme,
            starts_at=(start := datetime.combine(day - timedelta(days=days), at, zone)),
            defaults={"ends_at": start + _HALF_HOUR, "opens_at": start - _OPEN_BEFORE, "quota": _EARLIER_PLACES},
        )[0]
        for days, at in _EARLIER
    )
    return long_ago, lately
