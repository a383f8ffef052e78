"""A crowd books the very slots into which the people of a closed day are moved."""

import functools
import itertools

import pytest

from booking.models import Appointment, Message, Relocation, WithAppointments
from booking.operations import record_moves
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.move import move
from booking.operations.quotas.set_quota import close_slot
from booking.operations.reconcile import reconcile
from booking.operations.record_moves import Step
from booking.operations.refusals import Refusal
from booking.operations.relocations import give_place
from booking.operations.relocations.move_people import move_people
from booking.queries.audit import audit
from tests.factories import make_administrator, make_patients, make_programme, make_site, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


class Closing:
    """Forty people of a closed slot, and 55 places in eleven slots around it, which others want too."""

    def __init__(self, now, places: int = 5) -> None:
        self.now, self.by, self.programme = now, make_administrator(), make_programme()
        self.old = make_slot(programme=self.programme, quota=40)
        everybody = make_patients(140)
        self.rows = [self._book(patient, self.old, n) for n, patient in enumerate(everybody[:40])]
        self.new = [
            make_slot(make_site(latitude=28.2 + n / 500), self.programme, places, starts_at=self.old.starts_at)
            for n in range(11)
        ]
        self.crowd = everybody[40:]
        close_slot(slot_id=self.old.pk, by=self.by.pk, now=now)

    def _book(self, patient, slot, n: int) -> Appointment:
        facts = book(
            account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=f"key-{n:08}", now=self.now
        )
        return Appointment.objects.get(reference=facts.reference)

    def bookings(self):
        return [
            functools.partial(self._book, patient, self.new[n % len(self.new)], n)
            for n, patient in enumerate(self.crowd)
        ]

    def moves(self, rows=None, runs: int = 1):
        return [
            functools.partial(
                move_people,
                appointment_ids=[row.pk for row in rows or self.rows],
                choice=WithAppointments.MOVE,
                change_id=None,
                reason="",
                by=self.by.pk,
                now=self.now,
            )
            for _ in range(runs)
        ]

    def over_quota(self):
        counts = {slot.pk: slot.appointments.holding_a_place().count() for slot in self.new}
        return [slot.pk for slot in self.new if counts[slot.pk] > slot.quota]


def test_a_crowd_at_the_same_slots_never_makes_one_too_many_and_nobody_has_two_places_or_none(now):
    closing = Closing(now)

    results = all_at_once([*closing.moves(), *closing.bookings()], threads=16)

    done = results[0]
    assert [r for r in results[1:] if isinstance(r, Exception) and not isinstance(r, Refusal)] == []
    assert len(done.moved) + len(done.cancelled) == 40
    assert closing.over_quota() == []
    rows = Appointment.objects.filter(pk__in=[row.pk for row in closing.rows])
    assert rows.filter(status="BOOKED", place__isnull=False, slot__in=closing.new).count() == len(done.moved)
    assert rows.filter(status="CANCELLED", place=None).count() == len(done.cancelled)
    assert Relocation.objects.count() == Message.objects.exclude(kind="BOOKED").count() == 40
    reconcile(now=now)
    assert audit(now=now).is_clean


def test_two_runs_at_the_same_time_move_everybody_once(now):
    closing = Closing(now)

    results = all_at_once(closing.moves(runs=2), threads=2)

    assert sorted(results[0].moved + results[1].moved) == sorted(row.pk for row in closing.rows)
    assert Relocation.objects.count() == Message.objects.filter(kind="RELOCATED").count() == 40
    reconcile(now=now)
    assert audit(now=now).is_clean


def test_people_who_cancel_while_they_are_moved_end_up_with_one_answer(now):
    closing = Closing(now)
    gives_up = [
        functools.partial(cancel, account_id=row.booked_by_id, reference=row.reference, now=now)
        for row in reversed(closing.rows)
    ]

    all_at_once([*closing.moves(), *gives_up], threads=8)

    assert set(Appointment.objects.values_list("status", flat=True)) == {"CANCELLED"}
    assert Relocation.objects.filter(state="PENDING").count() == 0
    assert closing.over_quota() == []
    reconcile(now=now)
    assert audit(now=now).is_clean


def test_who_chooses_another_time_in_this_moment_stays_where_they_chose(now, monkeypatch):
    closing = Closing(now)
    row, chosen = closing.rows[0], closing.new[-1]
    _moves_themselves_meanwhile(monkeypatch, row, chosen, now)

    done = closing.moves([row])[0]()

    assert done.left == [row.pk]
    assert Appointment.objects.get(pk=row.pk).slot_id == chosen.pk
    assert audit(now=now).is_clean


def test_twin_without_looking_again_under_the_lock_they_are_dragged_away(now, monkeypatch):
    """Were the locked row not compared with what was planned, the city would undo the citizen's own choice."""
    closing = Closing(now)
    row, chosen = closing.rows[0], closing.new[-1]
    _moves_themselves_meanwhile(monkeypatch, row, chosen, now)
    monkeypatch.setattr(give_place, "still_there", lambda current, planned: True)

    done = closing.moves([row])[0]()

    assert done.moved == [row.pk]
    assert Appointment.objects.get(pk=row.pk).slot_id != chosen.pk
    # The gate and the index over places still hold: it has one place, not two.
    assert audit(now=now).is_clean


def test_twin_without_gate_and_index_over_places_a_slot_takes_too_many(now, monkeypatch):
    """Were the place a number that nobody checks, the last place of a slot would go to everybody who asks."""
    closing = Closing(now, places=1)
    numbers = itertools.count(2)

    def any_number(row, target, *args, **more):
        yield Step(row.reference, target.slot_id, next(numbers), f"claim-{row.pk}", newly=False)

    monkeypatch.setattr(give_place, "steps_to", any_number)
    monkeypatch.setattr(record_moves, "_refuse_closed", lambda *args, **more: None)
    monkeypatch.setattr(give_place.Candidates, "taken", lambda self, slot_id: None)

    closing.moves()[0]()

    assert closing.over_quota() == [closing.new[0].pk]


def _moves_themselves_meanwhile(monkeypatch, row, chosen, now):
    """Between the gate's place for them and its recording, the citizen moves to the chosen slot."""
    record = give_place._record

    def late(*args, **more):
        move(account_id=row.booked_by_id, reference=row.reference, slot_id=chosen.pk, request_key="mine-001", now=now)
        return record(*args, **more)

    monkeypatch.setattr(give_place, "_record", late)
