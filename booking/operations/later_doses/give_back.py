"""What nobody took of the places kept for later doses goes back to everybody, some days before the slot."""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from booking import admission
from booking.admission import GateDown
from booking.models import Slot, SlotEvent, SlotEventKind
from booking.operations.quotas.write_slots import ForTheGate, tell_after_commit

_BATCH = 200
# A slot that somebody is just booking is passed over; a booking takes milliseconds.
_PAUSE = 0.1


def give_back_later_doses(*, now: datetime, seconds: float = 20) -> int:
    """Add to each quota what is still kept of a slot that is near; returns of how many slots. Safe to run twice.

    A place that somebody holds just now stays kept until the next run, so that whoever was promised it gets it.
    """
    deadline, done, seen = time.monotonic() + seconds, 0, 0
    while time.monotonic() < deadline:
        looked_at, given, seen = _some(now=now, after=seen)
        done += given
        if not looked_at:
            break
        time.sleep(_PAUSE / 10)
    return done


def _due(now: datetime) -> QuerySet[Slot]:
    last = now + timedelta(days=settings.LATER_DOSES_KEPT_UNTIL_DAYS)
    # By programme, so that the index on programme and start finds them.
    return Slot.objects.standing().filter(
        programme__doses__gt=1, starts_at__gt=now, starts_at__lte=last, kept_doses__gt=0
    )


def _some(*, now: datetime, after: int) -> tuple[int, int, int]:
    with transaction.atomic():
        slots = list(
            _due(now)
            .filter(pk__gt=after)
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .order_by("pk")[:_BATCH]
        )
        if not slots:
            return 0, 0, after
        held = _held(slots)
        free = {slot.pk: max(slot.kept_doses - held.get(slot.pk, 0), 0) for slot in slots}
        given = [slot for slot in slots if free[slot.pk]]
        events = []
        for slot in given:
            kept, count = slot.kept_doses, free[slot.pk]
            facts = {
                "from": slot.quota, "to": slot.quota + count, "doses": {"from": kept, "to": kept - count},
            }  # fmt: skip
            slot.quota, slot.kept_doses = slot.quota + count, kept - count
            events.append(SlotEvent(slot=slot, kind=SlotEventKind.LATER_DOSES_BACK, at=now, facts=facts))
        Slot.objects.bulk_update(given, ["quota", "kept_doses"])
        SlotEvent.objects.bulk_create(events)
        _tell(given)
    return len(slots), len(given), slots[-1].pk


def _held(slots: Sequence[Slot]) -> dict[int, int]:
    """How many kept places of each slot somebody holds just now."""
    with suppress(GateDown):
        at_gate = admission.summaries([admission.kept_at_gate(slot.pk) for slot in slots])
        return {admission.kept_at_gate(slot_id): summary.holds - summary.lapsed for slot_id, summary in at_gate.items()}
    return {}


def _tell(slots: Sequence[Slot]) -> None:
    by_site: dict[int, ForTheGate] = {}
    for slot in slots:
        told = by_site.setdefault(slot.site_id, ForTheGate())
        told.quotas.append((slot.pk, slot.quota))
        # First there is one place fewer to hold, then one more for everybody.
        told.kept.append((admission.kept_at_gate(slot.pk), slot.kept_doses))
    for site_id, told in by_site.items():
        tell_after_commit(site_id, told)
