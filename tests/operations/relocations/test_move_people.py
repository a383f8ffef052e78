"""A site closes tomorrow: everybody gets an equal or better place and is told, or is cancelled and told."""

from datetime import timedelta

import pytest

from booking import admission
from booking.models import (
    Appointment,
    AppointmentEvent,
    Message,
    Relocation,
    SlotEvent,
    Status,
    WithAppointments,
)
from booking.operations.cancel import cancel
from booking.queries.audit import audit
from booking.queries.relocations import moved_by
from tests.factories import make_district, make_site, make_slot
from tests.operations.relocations.conftest import ClosedDay

pytestmark = pytest.mark.django_db(transaction=True)


def where(rows):
    return [Appointment.objects.get(pk=row.pk).slot_id for row in rows]


def test_forty_people_of_a_closed_day_are_all_moved_or_told(closed, now):
    rows = [row for hours in range(4) for row in closed.full_of(10, hours)]
    there = closed.near()
    new = [closed.slot(hours, quota=10, site=there) for hours in range(3)] + [closed.slot(0, quota=3, days=3)]
    closed.close()
    change = closed.change()

    done = closed.move(rows, change=change)

    assert (len(done.moved), len(done.cancelled), done.left) == (33, 7, [])
    assert Appointment.objects.filter(slot__in=new, status="BOOKED").count() == 33
    assert [slot.appointments.count() for slot in new] == [10, 10, 10, 3]
    gone = Appointment.objects.filter(status="CANCELLED")
    assert {(row.place, row.restorable_until, row.cancelled_at) for row in gone} == {(None, None, now)}
    assert Message.objects.filter(kind="RELOCATED").count() == 33
    assert Message.objects.filter(kind="CANCELLED_BY_SITE").count() == 7
    assert Relocation.objects.filter(state="PENDING").count() == 33
    assert Relocation.objects.filter(state="NO_PLACE", to_slot=None).count() == 7
    assert moved_by(change.pk) == 40
    assert admission.places_left([slot.pk for slot in new]) == {slot.pk: 0 for slot in new}
    assert audit(now=now).is_clean


def test_what_was_done_is_written_down(closed, now):
    [row] = closed.full_of(1)
    old, there = row.slot, closed.near(1_200)
    new = closed.slot(0.5, site=there)
    closed.close()

    closed.move([row])

    moved, relocation = Appointment.objects.get(), Relocation.objects.get()
    event = AppointmentEvent.objects.get(kind="RELOCATED")
    assert (moved.slot_id, moved.reference, moved.moves) == (new.pk, row.reference, 0)
    assert (event.by, event.at) == (closed.by, now)
    assert event.facts == {"from_slot": old.pk, "from_place": 1, "slot": new.pk, "place": moved.place}
    assert (relocation.from_slot, relocation.to_slot, relocation.distance_m) == (old, new, 1_200)
    assert (relocation.reason, relocation.by, relocation.made_at) == ("停电", closed.by, now)


def test_a_second_run_changes_nothing(closed):
    rows = closed.full_of(4)
    closed.slot(1, quota=3, site=closed.near())
    closed.close()
    closed.move(rows)
    before = list(Appointment.objects.order_by("pk").values())

    again = closed.move(rows)

    assert (again.moved, again.cancelled, again.left) == ([], [], [row.pk for row in rows])
    assert list(Appointment.objects.order_by("pk").values()) == before
    assert (Message.objects.exclude(kind="BOOKED").count(), Relocation.objects.count()) == (4, 4)


def test_keeping_does_nothing_and_cancelling_cancels_although_there_is_room(closed):
    rows = closed.full_of(2)
    free = closed.slot(1, site=closed.near())
    closed.close()

    kept = closed.move(rows, WithAppointments.KEEP)
    assert (kept.left, Message.objects.exclude(kind="BOOKED").count()) == ([row.pk for row in rows], 0)

    done = closed.move(rows, WithAppointments.CANCEL)
    assert done.cancelled == [row.pk for row in rows]
    assert free.appointments.count() == 0
    assert set(Message.objects.exclude(kind="BOOKED").values_list("kind", flat=True)) == {"CANCELLED_BY_SITE"}


def test_who_checked_in_cancelled_or_stands_in_an_open_slot_is_left(closed, now):
    checked_in, given_up, begun = closed.full_of(3)
    open_one = closed.book(begun.patient, make_slot(quota=1), key="key-00000002")
    closed.slot(1, site=closed.near())
    Appointment.objects.filter(pk=checked_in.pk).update(status=Status.CHECKED_IN)
    cancel(account_id=given_up.booked_by_id, reference=given_up.reference, now=now)
    closed.close()

    done = closed.move([checked_in, given_up, open_one])
    late = closed.move([begun], now=begun.slot.starts_at + timedelta(minutes=1))

    assert (done.moved, done.cancelled, late.left) == ([], [], [begun.pk])
    assert where([checked_in, given_up, begun]) == [closed.slots[0].pk] * 3


def test_the_old_site_at_another_time_comes_before_a_site_nearby(closed):
    [row] = closed.full_of(1)
    closed.slot(0, site=closed.near(300))
    same_site = closed.slot(2)
    closed.close()

    closed.move([row])

    assert where([row]) == [same_site.pk]
    assert Relocation.objects.get().distance_m == 0


def test_who_depends_on_a_way_without_steps_is_not_sent_up_a_stair(now):
    closed = ClosedDay(now, step_free=True, english=True)
    [row] = closed.full_of(1)
    closed.slot(0, site=closed.near(100))
    closed.slot(0, site=closed.near(200, step_free=True))
    right = closed.slot(0, site=closed.near(900, step_free=True, english=True))
    closed.close()

    closed.move([row])

    assert where([row]) == [right.pk]


def test_too_far_too_soon_closed_not_released_or_of_another_programme_is_no_place(closed, now):
    [row] = closed.full_of(1)
    near = closed.near()
    closed.slot(0, site=closed.near(10_100))
    closed.slot(0, days=8)
    make_slot(near, closed.programme, starts_at=now + timedelta(minutes=119))
    make_slot(near, starts_at=row.slot.starts_at)
    make_slot(near, closed.programme, starts_at=row.slot.starts_at, opens_at=now + timedelta(hours=1))
    closed.slots.append(closed.slot(1, site=near))
    away = closed.near(500, is_active=False)
    closed.slot(0, site=away)
    closed.close()

    done = closed.move([row])

    assert done.cancelled == [row.pk]


def test_places_kept_back_are_not_given_out(closed):
    [row] = closed.full_of(1)
    kept = closed.slot(0, quota=0, site=closed.near())
    kept.kept_walk_in = 5
    kept.save()
    closed.close()

    assert closed.move([row]).cancelled == [row.pk]


def test_nobody_is_sent_to_a_site_that_the_same_closing_closes_next(closed):
    [row] = closed.full_of(1)
    next_one, other = closed.near(100), closed.near(5_000, district=make_district("430103"))
    closed.slot(0, site=next_one)
    safe = closed.slot(0, site=other)
    closed.close()

    closed.move([row], change=closed.change(site_ids=[closed.site.pk, next_one.pk]))

    assert where([row]) == [safe.pk]


def test_a_new_place_that_is_closed_too_makes_way_for_another(closed, now):
    [row] = closed.full_of(1)
    first, second = closed.slot(0, site=closed.near(100)), closed.slot(0, site=make_site(latitude=28.21))
    closed.close()
    closed.move([row])
    closed.slots = [first]
    closed.close()

    closed.move([row])

    assert where([row]) == [second.pk]
    assert list(Relocation.objects.order_by("pk").values_list("state", flat=True)) == ["TAKEN_BACK", "PENDING"]
    assert SlotEvent.objects.filter(kind="CLOSED").count() == 2
    assert audit(now=now).is_clean


def test_a_batch_of_fifty_takes_few_statements_each(closed, django_assert_max_num_queries):
    rows = closed.full_of(50)
    there = closed.near()
    for n in range(10):
        closed.slot(n / 2, quota=5, site=there)
    closed.close()

    with django_assert_max_num_queries(50 * 22 + 20):
        done = closed.move(rows)

    assert len(done.moved) == 50
