"""The one way of a freed number: to the next of the waitlist, or after a while back to everybody.

Whatever frees a number of the ledger comes here, in the transaction that frees it. A row that still has its undo window
is not freed yet: it comes here when the window is over. While a number is in the delay that ends with everybody its row
has no `restorable_until`; a row that waits for the morning, or for the end of a pause, keeps one.
"""

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Coalesce
from django.utils import timezone

from booking import enqueue
from booking.models import Appointment, Programme, Slot
from booking.operations.freed_places.find_takers import Taker, find_takers
from booking.operations.freed_places.holder import hold_number
from booking.operations.freed_places.locked import share_slots
from booking.operations.freed_places.make_offers import make_offers
from booking.operations.freed_places.to_everybody import to_everybody
from booking.queries.pause import open_pause
from booking.rules.freed_places import Freed, delay, when_to_ask

# During a pause nobody could accept, and nobody can book what would go back.
_LOOK_AGAIN = timedelta(minutes=5)
_fraction = random.SystemRandom().random

Rows = Sequence[Appointment]


def pass_on(rows: Rows, *, now: datetime, delayed: Collection[int] = ()) -> int:
    """Pass on the numbers of these given-up rows, locked by the caller; returns how many offers that made.

    `delayed` are the keys of those whose delay is over: if still nobody waits for them they go to everybody now.
    """
    if not rows:
        return 0
    slots = share_slots([row.slot_id for row in rows])
    useful = [row for row in rows if _takes_people(row, slots[row.slot_id], now=now)]
    to_everybody([row for row in rows if row not in useful], now=now)
    if useful and open_pause() is not None:
        _keep_until(useful, now + _LOOK_AGAIN, now=now)
        return 0
    wanted = _wanted(useful, slots, now=now)
    made = 0
    for asked_at in {when for _, _, when in wanted}:
        offers = [(taker, kept) for taker, kept, when in wanted if when == asked_at]
        if asked_at == now:
            made += make_offers(offers, slots, now=now)
        else:
            _keep_until([row for _, kept in offers for row in kept], asked_at, now=now)
    kept_keys = {row.pk for _, kept, _ in wanted for row in kept}
    _after_a_while([row for row in useful if row.pk not in kept_keys], slots, delayed=delayed, now=now)
    return made


@dataclass(frozen=True, slots=True)
class Left:
    """A number that an appointment has left for another one, and by which claim the gate still knows it."""

    slot_id: int
    place: int
    claim: str
    programme_id: int


def free_numbers(left: Sequence[Left], *, now: datetime) -> None:
    """Pass on numbers whose appointments have just gone elsewhere, in the caller's transaction."""
    pass_on([hold_number(one.slot_id, one.place, one.claim, one.programme_id, now=now) for one in left], now=now)


def _takes_people(row: Appointment, slot: Slot, *, now: datetime) -> bool:
    return slot.closed_at is None and slot.starts_at > now and (row.place or 0) <= slot.quota


def _wanted(rows: Rows, slots: Mapping[int, Slot], *, now: datetime) -> list[tuple[Taker, list[Appointment], datetime]]:
    """Who is to be asked about which numbers, and when."""
    local = timezone.localtime(now)
    times = {
        slot_id: when_to_ask(starts_at=timezone.localtime(slots[slot_id].starts_at), now=local)
        for slot_id in {row.slot_id for row in rows}
    }
    numbers: dict[int, list[Appointment]] = defaultdict(list)
    for row in rows:
        if times[row.slot_id] is not None:
            numbers[row.slot_id].append(row)
    found: list[tuple[Taker, list[Appointment], datetime]] = []
    for taker in _takers({slot_id: len(kept) for slot_id, kept in numbers.items()}, slots, now=now):
        kept = [numbers[taker.slot_id].pop() for _ in range(taker.people)]
        found.append((taker, kept, times[taker.slot_id] or now))
    return found


def _takers(places: Mapping[int, int], slots: Mapping[int, Slot], *, now: datetime) -> list[Taker]:
    by_programme: dict[Programme, list[Freed]] = defaultdict(list)
    for slot_id, count in places.items():
        slot = slots[slot_id]
        starts_at = timezone.localtime(slot.starts_at)
        by_programme[slot.programme].append(Freed(slot_id, slot.site_id, slot.site.district_id, starts_at, count))
    return [
        taker
        for programme, freed in by_programme.items()
        for taker in find_takers(freed, programme_id=programme.pk, order=programme.waitlist_order, now=now)
    ]


def _keep_until(rows: Rows, until: datetime, *, now: datetime) -> None:
    keys = [row.pk for row in rows]
    Appointment.objects.filter(pk__in=keys).update(
        release_at=until, kept_for=None, restorable_until=Coalesce("restorable_until", now)
    )


def _after_a_while(rows: Rows, slots: Mapping[int, Slot], *, delayed: Collection[int], now: datetime) -> None:
    """Nobody waits for these: they go to everybody, after a delay of their own unless they have had it."""
    at_once = []
    for row in rows:
        starts_at = slots[row.slot_id].starts_at
        wait = delay(starts_at=starts_at, now=now, minutes=settings.FREED_PLACE_DELAY_MINUTES, fraction=_fraction())
        if row.pk in delayed or not wait:
            at_once.append(row)
            continue
        row.restorable_until, row.kept_for, row.release_at = None, None, now + wait
        row.save(update_fields=["restorable_until", "kept_for", "release_at"])
        enqueue.release_places(at=row.release_at)
    to_everybody(at_once, now=now)
