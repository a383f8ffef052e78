"""An administrator opens a day at a site."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from booking.models import Programme, Slot, SlotEvent, SlotEventKind
from booking.queries.availability import forget_site
from sites.models import Site


def publish_slots(
    *,
    site: Site,
    programme: Programme,
    day: date,
    times: Sequence[tuple[time, time]],
    quota: int,
    opens_at: datetime,
    by: int | None,
    now: datetime,
) -> list[Slot]:
    """Make the slots of a day, in the city's time zone; returns those that are new.

    A slot that exists already at the same site, programme and start is left as it is: its quota may have been set by
    somebody since. Raises ValueError for a time that ends before it starts.
    """
    zone = timezone.get_default_timezone()
    wanted = [
        Slot(
            site=site,
            programme=programme,
            starts_at=datetime.combine(day, start, zone),
            ends_at=datetime.combine(day, end, zone),
            opens_at=opens_at,
            quota=quota,
        )
        for start, end in times
    ]
    if any(slot.ends_at <= slot.starts_at for slot in wanted):
        raise ValueError("A slot must end after it starts.")
    with transaction.atomic():
        there = set(
            Slot.objects.filter(
                site=site, programme=programme, starts_at__in=[slot.starts_at for slot in wanted]
            ).values_list("starts_at", flat=True)
        )
        Slot.objects.bulk_create([slot for slot in wanted if slot.starts_at not in there], ignore_conflicts=True)
        new = list(
            Slot.objects.filter(
                site=site,
                programme=programme,
                starts_at__in=[slot.starts_at for slot in wanted if slot.starts_at not in there],
            ).order_by("starts_at")
        )
        SlotEvent.objects.bulk_create(
            SlotEvent(slot=slot, kind=SlotEventKind.PUBLISHED, at=now, by_id=by, facts={"quota": quota}) for slot in new
        )
        transaction.on_commit(lambda: forget_site(site.pk))
    return new
