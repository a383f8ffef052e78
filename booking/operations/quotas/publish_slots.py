"""An administrator opens a day at a site."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time
from functools import partial

from django.db import transaction
from django.utils import timezone

from booking import admission
from booking.admission import GateDown
from booking.models import ClosedDay, Programme, Slot, SlotEvent, SlotEventKind
from booking.models.slot import Slots
from booking.queries.availability import forget_site
from booking.queries.kept_doses import kept_of
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
    somebody since. One that was withdrawn comes back; on a day on which the site takes nobody they are made closed.
    Raises ValueError for a time that ends before it starts.
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
    kept = kept_of(programme)
    for slot in wanted:
        slot.kept_doses = kept.of(quota, starts_at=slot.starts_at, now=now)
        slot.quota -= slot.kept_doses
    if any(slot.ends_at <= slot.starts_at for slot in wanted):
        raise ValueError("A slot must end after it starts.")
    with transaction.atomic():
        if ClosedDay.objects.filter(site=site, day=day).exists():
            for slot in wanted:
                slot.closed_at = now
        same = Slot.objects.filter(site=site, programme=programme, starts_at__in=[slot.starts_at for slot in wanted])
        there = set(same.standing().values_list("starts_at", flat=True))
        _bring_back(same, wanted)
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


def _bring_back(same: Slots, wanted: Sequence[Slot]) -> None:
    by_start = {slot.starts_at: slot for slot in wanted}
    withdrawn = same.select_for_update(of=("self",)).filter(withdrawn_at__isnull=False)
    for slot in withdrawn.order_by("pk"):
        like = by_start[slot.starts_at]
        slot.quota, slot.opens_at, slot.ends_at = like.quota, like.opens_at, like.ends_at
        slot.kept_doses = like.kept_doses
        slot.closed_at, slot.withdrawn_at = like.closed_at, None
        slot.save(update_fields=["quota", "kept_doses", "opens_at", "ends_at", "closed_at", "withdrawn_at"])
        transaction.on_commit(partial(_forget, slot.pk))


def _forget(slot_id: int) -> None:
    # It is loaded anew by whoever asks first; without the gate reconcile says what the ledger has.
    with suppress(GateDown):
        admission.forget(slot_id)
        admission.forget(admission.kept_at_gate(slot_id))
