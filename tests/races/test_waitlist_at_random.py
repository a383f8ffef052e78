"""People cancel, come back, move, join and answer as chance has it, at once: every number stays somewhere, once."""

import functools
import random
from datetime import timedelta

import pytest

from booking import admission
from booking.models import Appointment
from booking.operations.cancel import restore
from booking.operations.freed_places.locked import given_up
from booking.operations.freed_places.release_places import release_places
from booking.operations.move import move
from booking.operations.reconcile import reconcile
from booking.operations.refusals import Refusal
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.decline import decline
from tests.factories import make_patient, make_slot
from tests.freed_factories import FullSlot, nothing_is_lost, offers
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_people_do_no_place_is_lost_and_none_is_offered_twice(now, settings, seed):
    settings.FREED_PLACE_DELAY_MINUTES = 15
    chance = random.Random(seed)
    full = FullSlot(now, quota=6)
    other = make_slot(full.site, full.programme, quota=4)
    clock = now
    for _ in range(12):
        clock += timedelta(minutes=chance.choice([1, 5, 11, 31]))
        results = all_at_once(_acts(full, other, chance, clock), threads=4)
        assert [one for one in results if isinstance(one, Exception) and not isinstance(one, Refusal)] == []
        live = Appointment.objects.filter(slot__in=[full.slot, other], place__isnull=False).count()
        reconcile(now=clock)
        free = sum(admission.places_left([full.slot.pk, other.pk]).values())
        assert live + free == 10
        assert nothing_is_lost(now=clock)


def _acts(full, other, chance, clock) -> list:
    rows = list(Appointment.objects.filter(status="BOOKED", slot__in=[full.slot, other]))
    cancelled = list(given_up().filter(restorable_until__gt=clock))
    acts = [functools.partial(full.cancels, row, now=clock) for row in chance.sample(rows, min(2, len(rows)))]
    acts += [
        functools.partial(restore, account_id=row.booked_by_id, reference=row.reference, now=clock)
        for row in cancelled[:1]
    ]
    acts += [
        functools.partial(
            move, account_id=row.booked_by_id, reference=row.reference, slot_id=other.pk,
            request_key=f"moves-{row.pk}-{clock:%H%M}", now=clock,
        )
        for row in chance.sample(rows, min(1, len(rows)))
    ]  # fmt: skip
    acts += [functools.partial(full.waits, make_patient()) for _ in range(chance.randint(0, 2))]
    acts += [
        functools.partial(
            chance.choice([accept, accept, decline]), account_id=offer.entry.account_id, offer_id=offer.pk, now=clock
        )
        for offer in offers()
        if chance.random() < 0.6
    ]
    return [*acts, *[functools.partial(release_places, now=clock)] * 2]
