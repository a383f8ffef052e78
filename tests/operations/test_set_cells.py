"""Many slots of the calendar set at once: what each of them became, and what nobody may overwrite."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from booking import admission
from booking.models import Appointment, AppointmentEvent, EventKind, Slot, SlotEvent, SlotEventKind
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.freed_places.release_places import release_places
from booking.operations.quotas.each_cell import (
    Begun,
    BelowTaken,
    Cell,
    Changed,
    ChangedMeanwhile,
    NotNow,
    Unchanged,
)
from booking.operations.quotas.set_cells import CellChange, close_cells, reopen_cells, set_cells
from booking.operations.quotas.set_quota import set_quota
from booking.operations.refusals import NotFound
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.factories import make_patients, make_programme, make_site, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chief() -> User:
    return User.objects.create(username="chief", last_name="王", first_name="主任")


def version(slot: Slot) -> int:
    return max(SlotEvent.objects.filter(slot=slot).values_list("pk", flat=True), default=0)


def seen(slot: Slot, **wanted: int) -> CellChange:
    return CellChange(slot.pk, version(slot), **wanted)


def book_some(slot: Slot, count: int, now: datetime) -> list[str]:
    return [
        book(account_id=one.user_id, patient_id=one.pk, slot_id=slot.pk, request_key=f"key-{one.pk}", now=now).reference
        for one in make_patients(count)
    ]


def test_each_cell_gets_its_numbers_a_mark_and_its_events(chief: User, now: datetime) -> None:
    morning, noon = make_slot(quota=10), make_slot(quota=10)

    done = set_cells(
        wanted=[seen(morning, quota=12), seen(noon, quota=10, kept_walk_in=3, kept_community=2)], by=chief.pk, now=now
    )

    assert [type(outcome) for outcome in done] == [Changed, Changed]
    morning.refresh_from_db()
    noon.refresh_from_db()
    assert (morning.quota, morning.kept_walk_in, morning.edited_at) == (12, 0, now)
    assert (noon.quota, noon.kept_walk_in, noon.kept_community, noon.edited_at) == (10, 3, 2, now)
    events = SlotEvent.objects.order_by("slot_id").values_list("kind", "by", "facts")
    assert list(events) == [
        (SlotEventKind.QUOTA_SET, chief.pk, {"from": 10, "to": 12, "first_edit": True}),
        (
            SlotEventKind.KEPT_SET,
            chief.pk,
            {"walk_in": {"from": 0, "to": 3}, "community": {"from": 0, "to": 2}, "first_edit": True},
        ),
    ]


def test_an_empty_number_stays_as_it_is_and_what_is_so_already_gets_no_event(chief: User, now: datetime) -> None:
    slot = make_slot(quota=10)

    done = set_cells(wanted=[seen(slot, quota=10)], by=chief.pk, now=now)

    assert done == [Unchanged(slot.pk)]
    assert not SlotEvent.objects.exists()
    slot.refresh_from_db()
    assert slot.edited_at is None


def test_a_quota_below_what_is_taken_is_refused_for_that_cell_alone(chief: User, now: datetime) -> None:
    busy, quiet = make_slot(quota=10), make_slot(quota=10)
    book_some(busy, 3, now)

    done = set_cells(
        wanted=[seen(busy, quota=2, kept_walk_in=8), seen(quiet, quota=2, kept_walk_in=8)], by=chief.pk, now=now
    )

    assert done[0] == BelowTaken(busy.pk, taken=3)
    assert isinstance(done[1], Changed)
    busy.refresh_from_db()
    assert (busy.quota, busy.kept_walk_in, busy.edited_at) == (10, 0, None)
    assert not SlotEvent.objects.filter(slot=busy).exists()


def test_high_numbers_get_a_lower_one_and_the_gate_is_told(chief: User, now: datetime) -> None:
    slot = make_slot(quota=10)
    references = book_some(slot, 4, now)
    # Whoever gave up a low number leaves a gap below the highest.
    account = Appointment.objects.get(reference=references[0]).booked_by_id
    cancel(account_id=account, reference=references[0], now=now)
    release_places(now=now + timedelta(hours=1))

    done = set_cells(wanted=[seen(slot, quota=3)], by=chief.pk, now=now)

    assert isinstance(done[0], Changed)
    assert sorted(Appointment.objects.holding_a_place().values_list("place", flat=True)) == [1, 2, 3]
    assert {*references[1:]} == {*Appointment.objects.holding_a_place().values_list("reference", flat=True)}
    assert AppointmentEvent.objects.filter(kind=EventKind.RENUMBERED).exists()
    assert admission.places_left([slot.pk]) == {slot.pk: 0}
    assert audit(now=now).is_clean


def test_what_somebody_else_changed_meanwhile_is_left_and_told(chief: User, now: datetime) -> None:
    colleague = User.objects.create(username="colleague", last_name="李", first_name="医生")
    slot, other = make_slot(quota=10), make_slot(quota=10)
    wanted = [seen(slot, quota=5), seen(other, quota=5)]
    later = now + timedelta(minutes=2)
    set_quota(slot_id=slot.pk, quota=15, by=colleague.pk, now=now)

    done = set_cells(wanted=wanted, by=chief.pk, now=later)

    assert done[0] == ChangedMeanwhile(slot.pk, colleague.pk, colleague.get_full_name(), now, 15, False)
    assert isinstance(done[1], Changed)
    assert list(Slot.objects.order_by("pk").values_list("quota", flat=True)) == [15, 5]


def test_the_same_save_sent_twice_changes_nothing_the_second_time(chief: User, now: datetime) -> None:
    wanted = [seen(make_slot(quota=10), quota=5)]
    set_cells(wanted=wanted, by=chief.pk, now=now)

    again = set_cells(wanted=wanted, by=chief.pk, now=now)

    assert again == [Unchanged(wanted[0].slot_id)]
    assert SlotEvent.objects.count() == 1


def test_a_slot_that_has_begun_stays_as_it_was(chief: User, now: datetime) -> None:
    slot = make_slot(quota=10, starts_at=now)

    assert set_cells(wanted=[seen(slot, quota=5)], by=chief.pk, now=now) == [Begun(slot.pk)]
    assert close_cells(wanted=[seen(slot)], by=chief.pk, now=now) == [Begun(slot.pk)]


def test_a_withdrawn_slot_is_not_there(chief: User, now: datetime) -> None:
    slot = make_slot(quota=0)
    Slot.objects.update(closed_at=now, withdrawn_at=now)

    with pytest.raises(NotFound):
        reopen_cells(wanted=[seen(slot)], by=chief.pk, now=now)


def test_a_cell_that_others_hold_too_long_is_worth_another_try(
    chief: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from booking.operations.quotas import each_cell

    held, free = make_slot(quota=10), make_slot(quota=10)
    lock = each_cell.lock

    def impatient(slot_id: int) -> Slot:
        if slot_id == held.pk:
            raise OperationalError("canceling statement due to lock timeout")
        return lock(slot_id)

    monkeypatch.setattr(each_cell, "lock", impatient)
    done = set_cells(wanted=[seen(held, quota=5), seen(free, quota=5)], by=chief.pk, now=now)

    assert done[0] == NotNow(held.pk)
    assert isinstance(done[1], Changed)


def test_cells_are_closed_and_opened_again_at_the_gate_too(chief: User, now: datetime) -> None:
    slot = make_slot(quota=10)
    load_slot(slot.pk, now=now)
    old = Cell(slot.pk, version(slot))

    assert isinstance(close_cells(wanted=[old], by=chief.pk, now=now)[0], Changed)
    assert close_cells(wanted=[old], by=chief.pk, now=now) == [Unchanged(slot.pk)]
    assert audit(now=now).is_clean
    assert isinstance(reopen_cells(wanted=[old], by=chief.pk, now=now)[0], ChangedMeanwhile)
    assert isinstance(reopen_cells(wanted=[seen(slot)], by=chief.pk, now=now)[0], Changed)
    assert audit(now=now).is_clean


def test_a_save_costs_few_statements_for_each_cell(
    chief: User, now: datetime, django_assert_max_num_queries: object
) -> None:
    site, programme = make_site(), make_programme()
    slots = [make_slot(site, programme, quota=10) for _ in range(50)]
    wanted = [CellChange(slot.pk, 0, quota=12) for slot in slots]

    # Begin, lock, last event, update, insert, commit.
    with django_assert_max_num_queries(6 * len(slots)):  # type: ignore[operator]
        set_cells(wanted=wanted, by=chief.pk, now=now)
