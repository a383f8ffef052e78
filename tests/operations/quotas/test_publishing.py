"""A day published from the small form, where something was before."""

from datetime import date, time

import pytest

from booking import admission
from booking.models import ClosedDay, Slot
from booking.operations.quotas.apply_change import start_undo
from booking.operations.quotas.publish_slots import publish_slots
from booking.queries.audit import audit
from booking.queries.load_gate import load_slots
from tests.factories import make_administrator, make_programme, make_site
from tests.operations.quotas.changing import MONDAY, apply, carry_out, plan_of

pytestmark = pytest.mark.django_db(transaction=True)


def publish(site, programme, now):
    return publish_slots(
        site=site, programme=programme, day=date.fromisoformat(MONDAY), times=[(time(8), time(8, 30))], quota=4,
        opens_at=now, by=None, now=now,
    )  # fmt: skip


def test_on_a_closed_day_slots_are_made_closed(now):
    site = make_site()
    ClosedDay.objects.create(site=site, day=MONDAY, by=make_administrator(), at=now)

    (slot,) = publish(site, make_programme(), now)

    assert slot.closed_at == now


def test_a_withdrawn_slot_comes_back_and_the_gate_hears_of_it(now):
    site, programme = make_site(), make_programme()
    change = apply("plan", [site], plan_of(programme), make_administrator(), now)
    start_undo(change_id=change.pk, by=change.by_id, now=now)
    carry_out(change, now)
    load_slots(list(Slot.objects.values_list("pk", flat=True)), now=now)

    (slot,) = publish(site, programme, now)

    assert (slot.quota, slot.closed_at, slot.withdrawn_at) == (4, None, None)
    assert slot.pk not in admission.places_left([slot.pk])
    load_slots([slot.pk], now=now)
    assert admission.places_left([slot.pk]) == {slot.pk: 4}
    assert audit(now=now).is_clean
