"""The verdict can fail: each promise is seen to be broken where its guard is taken away."""

from pathlib import Path

import pytest
from django.db import connection

from booking.models import Appointment, Status
from booking.operations import record_bookings
from booking.queries import load_gate
from booking.rehearsal.ground import CODE
from booking.rehearsal.journal import Journal, promised
from booking.rehearsal.verdict import judge
from tests.factories import make_appointment, make_programme, make_slot
from tests.rehearsal.stage import make_sites, rehearse

pytestmark = pytest.mark.django_db(transaction=True)
_WIDE = 3


def _open_the_gate_too_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = load_gate.slot_states

    def wide(slot_ids, *, now):
        found = usual(slot_ids, now=now)
        for slot_id, state in found.items():
            object.__setattr__(state, "quota", state.quota * _WIDE)
            found[slot_id] = state
        return found

    monkeypatch.setattr(load_gate, "slot_states", wide)


def test_a_gate_too_wide_oversells_nothing_because_the_ledger_refuses(
    live_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sites(1)
    _open_the_gate_too_wide(monkeypatch)

    # What the gate shows as free is not there: nobody need look for it long.
    course = rehearse(live_server.url, tmp_path, people=80, places=20, gives_up=4)

    monkeypatch.undo()
    verdict = judge(course.journal, CODE)
    assert verdict.oversold == []
    assert verdict.holds
    assert Appointment.objects.holding_a_place().count() <= 20


def test_with_the_ledgers_guard_taken_away_the_same_rush_is_told_as_oversold(
    live_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sites(1)
    _open_the_gate_too_wide(monkeypatch)
    unguarded = record_bookings._STATEMENT.replace("AND w.place <= s.quota ", "")
    assert unguarded != record_bookings._STATEMENT
    monkeypatch.setattr(record_bookings, "_STATEMENT", unguarded)

    course = rehearse(live_server.url, tmp_path, people=80, places=20)

    monkeypatch.undo()
    verdict = judge(course.journal, CODE, patience=3)
    assert verdict.oversold != []
    assert not verdict.holds
    assert Appointment.objects.holding_a_place().count() > 20


def _journal(tmp_path: Path, *said: tuple[str, str]) -> Path:
    journal = Journal(tmp_path / "journal")
    for what, reference in said:
        getattr(journal, what)(reference)
    journal.close()
    return journal.path


def test_a_confirmation_that_is_not_in_the_ledger_is_lost(tmp_path: Path) -> None:
    slot = make_slot(programme=make_programme(code=CODE))
    there = make_appointment(slot, place=1)
    gone = make_appointment(slot, place=None, status=Status.CANCELLED)
    path = _journal(tmp_path, ("booked", there.reference), ("booked", gone.reference), ("booked", "999999999999"))

    verdict = judge(path, CODE, patience=0)

    assert verdict.lost == sorted([gone.reference, "999999999999"])
    assert not verdict.holds


def test_what_its_person_has_cancelled_is_not_lost_and_must_stay_cancelled(tmp_path: Path) -> None:
    slot = make_slot(programme=make_programme(code=CODE))
    cancelled = make_appointment(slot, place=None, status=Status.CANCELLED)
    came_back = make_appointment(slot, place=1)
    unknown = make_appointment(slot, place=2)
    said = [("booked", one.reference) for one in (cancelled, came_back, unknown)]
    said += [("cancelling", one.reference) for one in (cancelled, came_back, unknown)]
    said += [("cancelled", one.reference) for one in (cancelled, came_back)]

    verdict = judge(_journal(tmp_path, *said), CODE, patience=0)

    assert verdict.lost == []
    assert verdict.came_back == [came_back.reference]
    assert verdict.promised == 3


def test_an_appointment_whose_person_left_before_the_answer_breaks_no_promise(tmp_path: Path) -> None:
    make_appointment(make_slot(programme=make_programme(code=CODE)))

    verdict = judge(_journal(tmp_path), CODE, patience=0)

    assert verdict.unheard == 1
    assert verdict.holds


def test_somebody_with_two_appointments_for_a_dose_is_doubled(tmp_path: Path) -> None:
    slot = make_slot(programme=make_programme(code=CODE))
    first, second = make_appointment(slot, place=1), make_appointment(slot, place=2)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_live_appointment_per_person_and_dose")
    try:
        Appointment.objects.filter(pk=second.pk).update(person=first.person)

        verdict = judge(_journal(tmp_path), CODE, patience=0)
    finally:
        Appointment.objects.filter(pk=second.pk).update(person=second.person)
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX one_live_appointment_per_person_and_dose ON booking_appointment "
                "(person, programme_id, dose) WHERE status IN ('BOOKED', 'CHECKED_IN', 'FULFILLED')"
            )

    assert [count for *_which, count in verdict.doubled] == [2]
    assert not verdict.holds


def test_a_repeat_is_told_the_same_and_counts_once(tmp_path: Path) -> None:
    path = _journal(tmp_path, ("booked", "1"), ("booked", "1"), ("cancelling", "1"), ("booked", "1"))

    found = promised(path)

    assert (found.live, found.unknown, found.cancelled) == (set(), {"1"}, set())
