"""While the city pauses booking nobody gets a place; what people have stays theirs. And what guards it."""

import functools
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from booking import admission
from booking.admission.connection import connection as gate_connection
from booking.models import Appointment, BookingPause, WithAppointments
from booking.operations import record_bookings
from booking.operations import record_moves as moves
from booking.operations.book import book
from booking.operations.book_together import book_together
from booking.operations.cancel import cancel, restore
from booking.operations.hold import drop, hold
from booking.operations.hold_together import extend, hold_together
from booking.operations.move import move
from booking.operations.quotas.set_quota import close_slot
from booking.operations.refusals import Paused
from booking.operations.releases import pausing
from booking.operations.releases.pausing import begin_pause, end_pause
from booking.operations.relocations.move_people import move_people
from booking.queries import pause as kept
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from booking.queries.pause import last_known, pause_now, remember_pause
from tests.factories import make_administrator, make_family, make_patient, make_programme, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


class Ways:
    """Every way to a place, prepared before the pause."""

    def __init__(self, now):
        self.programme = make_programme()
        self.slot, self.other = make_slot(programme=self.programme), make_slot(programme=self.programme)
        load_slot(self.other.pk, now=now)
        family = make_family(2)
        late, held, moving, gone = make_patient(), make_patient(), make_patient(), make_patient()
        self.booked = self._book(moving, now)()
        given_up = self._book(gone, now)()
        cancel(account_id=gone.user_id, reference=given_up.reference, now=now)
        token = hold(account_id=held.user_id, patient_id=held.pk, slot_id=self.slot.pk, now=now)
        wishes = [(patient.pk, self.slot.pk) for patient in family]
        self.reading = functools.partial(cancel, account_id=moving.user_id, reference=self.booked.reference, now=now)
        self.writing = {
            "book": self._book(late, now),
            "book what was held": functools.partial(self._book(held, now), hold_claim=token.claim),
            "together": functools.partial(
                book_together, account_id=family[0].user_id, wishes=wishes, request_key="key-00002", now=now
            ),
            "move": functools.partial(
                move, account_id=moving.user_id, reference=self.booked.reference, slot_id=self.other.pk,
                request_key="key-00003", now=now,
            ),
            "restore": functools.partial(restore, account_id=gone.user_id, reference=given_up.reference, now=now),
        }  # fmt: skip
        self.holding = {
            "hold": functools.partial(hold, account_id=late.user_id, patient_id=late.pk, slot_id=self.slot.pk, now=now),
            "hold together": functools.partial(hold_together, account_id=family[0].user_id, wishes=wishes, now=now),
            "extend": functools.partial(extend, tokens=[token.token], account_id=held.user_id, now=now),
        }
        self.drop = functools.partial(drop, token=token.token, account_id=held.user_id)

    def _book(self, patient, now):
        return functools.partial(
            book, account_id=patient.user_id, patient_id=patient.pk, slot_id=self.slot.pk,
            request_key=f"key-{patient.pk.hex[:8]}", now=now,
        )  # fmt: skip


@pytest.fixture
def ways(now):
    return Ways(now)


@pytest.fixture
def pause(ways, now):
    return begin_pause(text="系统检查", text_en="Checking", by=make_administrator().pk, now=now)


def live():
    return list(Appointment.objects.order_by("pk").values_list("reference", "status", "slot_id", "place"))


def test_every_way_to_a_place_is_refused_with_the_citys_words_and_nothing_changes(ways, pause):
    before, left = live(), admission.places_left([ways.slot.pk, ways.other.pk])

    for name, act in {**ways.writing, **ways.holding}.items():
        with pytest.raises(Paused) as refused:
            act()
        assert refused.value.facts["text"] == "系统检查", name

    assert live() == before
    assert admission.places_left([ways.slot.pk, ways.other.pk]) == left


def test_cancelling_and_giving_back_go_on(ways, pause):
    assert ways.reading().status == "CANCELLED"
    ways.drop()


def test_the_citys_own_moves_go_on(ways, pause, now):
    moving = Appointment.objects.get(reference=ways.booked.reference)
    close_slot(slot_id=moving.slot_id, by=None, now=now)

    done = move_people(
        appointment_ids=[moving.pk],
        choice=WithAppointments.MOVE,
        change_id=None,
        reason="停电",
        by=pause.began_by_id,
        now=now,
    )

    assert done.moved == [moving.pk]


def test_once_it_ends_every_way_is_open_again(ways, pause, now):
    end_pause(by=pause.began_by_id, now=now + timedelta(hours=1))

    for act in ways.writing.values():
        act()
    assert audit(now=now).is_clean


@pytest.mark.parametrize("way", ["book", "book what was held", "together", "move", "restore"])
@pytest.mark.parametrize("gate", ["there", "away"])
def test_twin_a_process_with_an_old_answer_is_refused_by_the_ledger_and_the_place_goes_back(ways, pause, way, gate):
    remember_pause(None, seconds=60)
    before, left = live(), admission.places_left([ways.slot.pk, ways.other.pk])
    if gate == "away":
        gate_connection().breaker.failed()
        gate_connection().breaker._open_until += 60
    try:
        with pytest.raises(Paused):
            ways.writing[way]()
    finally:
        gate_connection().breaker.worked()

    assert live() == before
    assert admission.places_left([ways.slot.pk, ways.other.pk]) == left


@pytest.mark.parametrize("way", ["book", "together", "move", "restore"])
def test_twin_without_the_ledgers_guard_too_the_old_answer_lets_them_in(ways, pause, way, monkeypatch):
    remember_pause(None, seconds=60)
    guard = "AND NOT EXISTS (SELECT FROM booking_bookingpause WHERE ended_at IS NULL)"
    assert guard in record_bookings._STATEMENT
    monkeypatch.setattr(record_bookings, "_STATEMENT", record_bookings._STATEMENT.replace(guard, ""))
    monkeypatch.setattr(moves, "refuse_if_paused_in_the_ledger", lambda: None)
    monkeypatch.setattr("booking.operations.cancel.refuse_if_paused_in_the_ledger", lambda: None)
    before = live()

    ways.writing[way]()

    assert live() != before


def test_twin_with_the_early_guard_alone_nobody_gets_in_either(ways, pause, monkeypatch):
    monkeypatch.setattr(pausing, "open_pause", lambda: None)
    monkeypatch.setattr(record_bookings, "_STATEMENT", record_bookings._STATEMENT.replace("ended_at IS NULL", "false"))

    for act in ways.writing.values():
        with pytest.raises(Paused):
            act()


def test_a_repeat_of_what_was_booked_before_gets_its_answer_during_the_pause(now):
    slot, patient = make_slot(), make_patient()
    act = functools.partial(
        book, account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="key-00001", now=now
    )
    first = act()
    begin_pause(text="系统检查", text_en="Checking", by=patient.user_id, now=now)

    assert act() == first


def test_whoever_is_refused_costs_at_most_a_look_for_their_earlier_try(ways, pause, monkeypatch):
    with CaptureQueriesContext(connection) as looked, pytest.raises(Paused):
        ways.writing["book"]()
    repeats = sys.modules[book.__module__]._repeats
    for _ in range(4):
        repeats.acquire()
    try:
        with CaptureQueriesContext(connection) as in_a_crowd, pytest.raises(Paused):
            ways.writing["book"]()
    finally:
        for _ in range(4):
            repeats.release()

    assert (len(looked), len(in_a_crowd)) == (1, 0)


def test_there_is_one_pause_at_a_time_however_many_begin_it(now):
    by = make_administrator().pk
    acts = [functools.partial(begin_pause, text=f"第 {n} 个", text_en="x", by=by, now=now) for n in range(4)]

    begun = all_at_once(acts, threads=4)

    assert len({one.pk for one in begun}) == BookingPause.objects.count() == 1
    assert end_pause(by=by, now=now).ended_by_id == by
    assert end_pause(by=by, now=now) is None
    assert begin_pause(text="再一次", text_en="again", by=by, now=now).ended_at is None


def test_a_process_asks_the_ledger_once_a_second_at_the_most(pause):
    remember_pause(None, seconds=0)

    with CaptureQueriesContext(connection) as sent:
        found = [pause_now() for _ in range(50)]

    assert len(sent) == 1
    assert {one.text_en for one in found} == {"Checking"}


def test_a_ledger_that_does_not_answer_leaves_the_answer_before(pause, monkeypatch):
    def fail():
        raise OperationalError

    monkeypatch.setattr(kept, "open_pause", fail)
    remember_pause(last_known(), seconds=0)

    assert pause_now().text == "系统检查"
    assert pause_now().text == "系统检查"
