"""What was just saved in the calendar taken back, as far as nobody else has come in between."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from booking.models import QuotaChange, Slot, SlotEvent, SlotEventKind
from booking.operations.quotas.each_cell import BelowTaken, Changed, ChangedMeanwhile
from booking.operations.quotas.set_cells import close_cells, set_cells
from booking.operations.quotas.set_quota import set_quota
from booking.operations.quotas.undo_cells import SavedEvents, undo_cells
from tests.factories import make_site, make_slot
from tests.operations.test_set_cells import book_some, chief, seen

__all__ = ["chief"]

pytestmark = pytest.mark.django_db(transaction=True)


def undo(done: list, slot: Slot, by: User, now: datetime) -> list:
    events = [event for outcome in done if isinstance(outcome, Changed) for event in outcome.events]
    return undo_cells(saved=SavedEvents(min(events), max(events)), site_id=slot.site_id, by=by.pk, now=now)


def test_taking_back_restores_every_number_and_that_it_follows_its_plan(chief: User, now: datetime) -> None:
    site = make_site()
    plain, edited = make_slot(site, quota=10), make_slot(site, quota=8)
    long_ago = now - timedelta(days=9)
    Slot.objects.filter(pk=edited.pk).update(edited_at=long_ago, kept_walk_in=1)
    done = set_cells(
        wanted=[seen(plain, quota=5, kept_community=4), seen(edited, quota=5, kept_walk_in=2)], by=chief.pk, now=now
    )

    taken_back = undo(done, plain, chief, now + timedelta(minutes=1))

    assert [type(outcome) for outcome in taken_back] == [Changed, Changed]
    numbers = Slot.objects.order_by("pk").values_list("quota", "kept_walk_in", "kept_community", "edited_at")
    assert list(numbers) == [(10, 0, 0, None), (8, 1, 0, now)]


def test_taking_back_a_closing_opens_again(chief: User, now: datetime) -> None:
    slot = make_slot(quota=10)
    done = close_cells(wanted=[seen(slot)], by=chief.pk, now=now)

    undo(done, slot, chief, now)

    slot.refresh_from_db()
    assert slot.closed_at is None


def test_what_was_changed_or_booked_since_is_not_taken_back(chief: User, now: datetime) -> None:
    site = make_site()
    changed, booked, quiet = (make_slot(site, quota=1) for _ in range(3))
    done = set_cells(wanted=[seen(slot, quota=3) for slot in (changed, booked, quiet)], by=chief.pk, now=now)
    set_quota(slot_id=changed.pk, quota=9, by=None, now=now)
    book_some(booked, 2, now)

    taken_back = undo(done, changed, chief, now)

    assert [type(outcome) for outcome in taken_back] == [ChangedMeanwhile, BelowTaken, Changed]
    assert list(Slot.objects.order_by("pk").values_list("quota", flat=True)) == [9, 3, 1]


def test_only_ones_own_save_of_the_last_hour_at_this_site_is_taken_back(chief: User, now: datetime) -> None:
    slot, elsewhere = make_slot(quota=10), make_slot(quota=10)
    stranger = User.objects.create(username="stranger")
    done = set_cells(wanted=[seen(slot, quota=5)], by=chief.pk, now=now)

    assert undo(done, slot, stranger, now) == []
    assert undo(done, elsewhere, chief, now) == []
    assert undo(done, slot, chief, now + timedelta(hours=1)) == []
    SlotEvent.objects.create(
        slot=slot,
        kind=SlotEventKind.QUOTA_SET,
        at=now,
        by=chief,
        facts={"from": 1, "to": 5},
        change=QuotaChange.objects.create(kind="set", by=chief, created_at=now, site_ids=[slot.site_id]),
    )
    bulk = SlotEvent.objects.latest("pk").pk
    assert undo_cells(saved=SavedEvents(bulk, bulk), site_id=slot.site_id, by=chief.pk, now=now) == []
