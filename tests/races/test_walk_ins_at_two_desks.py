"""Two desks give tickets in one moment, and a no-show is marked while its person is being checked in."""

import functools
import threading

import pytest
from django.db import connection, transaction

from booking.models import Appointment, Status, WalkIn
from booking.operations.refusals import Refusal
from booking.operations.walk_ins import take_place as module
from booking.operations.walk_ins.give_ticket import give_ticket
from booking.operations.walk_ins.mark_no_shows import mark_no_shows
from booking.operations.walk_ins.refusals import HasAppointment, NoPlaceToday
from booking.queries.audit import audit
from tests.factories import make_appointment
from tests.operations.walk_ins.scenes import late_people, neighbour, said, slot_at, staff_of
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def ticket(slot, by, n, now, who=None):
    who = who or said(serial=f"{2 * n + 2:03}")
    return give_ticket(who, slot.programme.code, site=slot.site, by=by.pk, key=f"ticket-{n:04}", now=now)


def outcome(results):
    other = [r for r in results if isinstance(r, Exception) and not isinstance(r, Refusal)]
    return len([r for r in results if not isinstance(r, Exception)]), other


def test_ten_desks_give_three_places_of_late_people_and_two_that_are_kept_once_each(now):
    morning = slot_at(now, -60)
    running = neighbour(morning, now, -10, kept=2)
    late_people(morning, 3)
    by = staff_of(morning.site)

    results = all_at_once([functools.partial(ticket, running, by, n, now) for n in range(10)])

    assert outcome(results) == (5, [])
    assert sorted(WalkIn.objects.values_list("source", flat=True)) == ["KEPT", "KEPT", "LATE", "LATE", "LATE"]
    assert sorted(Appointment.objects.filter(slot=running).values_list("place", flat=True)) == [1, 2, 3, 4, 5]
    assert audit(now=now).is_clean


def test_ten_desks_give_four_places_that_nobody_booked_once_each(now):
    slot = slot_at(now, -10, quota=4)
    by = staff_of(slot.site)

    results = all_at_once([functools.partial(ticket, slot, by, n, now) for n in range(10)])

    assert outcome(results) == (4, [])
    assert sorted(Appointment.objects.filter(slot=slot).values_list("place", flat=True)) == [1, 2, 3, 4]
    assert audit(now=now).is_clean


def test_one_person_at_two_desks_gets_one_ticket(now):
    slot = slot_at(now, -10, kept=5)
    by = staff_of(slot.site)

    results = all_at_once([functools.partial(ticket, slot, by, n, now, said()) for n in range(6)])

    assert [type(r) for r in results if isinstance(r, Exception)] == [HasAppointment] * 5
    slot.refresh_from_db()
    assert (slot.quota, slot.kept_walk_in) == (1, 4)


class another_desk:
    """Another desk gives a ticket after the first has counted, and before it makes its place."""

    def __init__(self, slot, now, monkeypatch, *, seconds):
        self.result, self.done, by = None, threading.Event(), staff_of(slot.site)
        make, began = module.extra_place, []

        def let_in(*args, **more):
            if not began:
                began.append(True)
                self.thread.start()
                self.done.wait(seconds)
            return make(*args, **more)

        def give():
            try:
                self.result = ticket(slot, by, 1, now)
            except Refusal as refusal:
                self.result = refusal
            finally:
                self.done.set()
                connection.close()

        self.thread = threading.Thread(target=give)
        monkeypatch.setattr(module, "extra_place", let_in)

    def over(self):
        self.thread.join(20)
        return self.result


def one_late_person(now):
    morning = slot_at(now, -60)
    late_people(morning, 1)
    return neighbour(morning, now, -10), staff_of(morning.site)


def test_the_second_desk_waits_and_finds_the_late_persons_place_given(now, monkeypatch):
    running, by = one_late_person(now)
    other = another_desk(running, now, monkeypatch, seconds=0.5)

    ticket(running, by, 0, now)

    assert isinstance(other.over(), NoPlaceToday)


def test_twin_without_the_lock_on_the_late_persons_slot_their_place_is_given_twice(now, monkeypatch):
    running, by = one_late_person(now)
    other = another_desk(running, now, monkeypatch, seconds=20)
    monkeypatch.setattr(module, "_lock", lambda slot_ids: None)

    ticket(running, by, 0, now)

    assert not isinstance(other.over(), Refusal)
    assert WalkIn.objects.filter(source="LATE").count() == 2


def marked_while_checked_in(now):
    """The job runs while a desk holds the row."""
    row, marked = make_appointment(slot_at(now, -90)), []

    def mark():
        marked.append(mark_no_shows(now=now))
        connection.close()

    job = threading.Thread(target=mark)
    with transaction.atomic():
        Appointment.objects.select_for_update().get(pk=row.pk)
        job.start()
        job.join(1)
        waited = job.is_alive()
        Appointment.objects.filter(pk=row.pk).update(status=Status.CHECKED_IN)
    job.join(20)
    row.refresh_from_db()
    return row.status, waited, marked


def test_whoever_is_being_checked_in_is_passed_over_and_the_job_does_not_wait(now):
    assert marked_while_checked_in(now) == ("CHECKED_IN", False, [0])


def test_twin_without_passing_over_locked_rows_the_job_waits_for_the_desk(now, monkeypatch):
    from booking.operations.walk_ins import mark_no_shows as job

    monkeypatch.setattr(job, "_STATEMENT", job._STATEMENT.replace(" SKIP LOCKED", ""))

    status, waited, _ = marked_while_checked_in(now)

    assert (status, waited) == ("CHECKED_IN", True)
