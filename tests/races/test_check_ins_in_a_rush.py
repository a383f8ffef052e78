"""Many desks at one moment: one check-in a person, one number each, one effect of an act. And what guards that."""

import functools
import threading
import uuid
from contextlib import contextmanager

import pytest
from django.db import connection

from booking.models import ActKind, Appointment, DeskAct, Visit
from booking.operations.desk import arrive, carry_out
from tests.desk_factories import make_act, make_desk, make_expected
from tests.factories import make_site
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

DESKS = 20


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def tell(site, now):
    """Acts are told at once, each on a connection of its own; returns the answers, or what was raised."""

    def run(acts):
        told = [functools.partial(carry_out.carry_out, act, site=site, sent_by=act.by, now=now) for act in acts]
        return all_at_once(told, threads=len(acts))

    return run


@contextmanager
def table_without(table: str, constraint: str, definition: str, *, is_index: bool = False):
    """The table without what guards it; afterwards the table is empty, and guarded again."""
    drop = f"DROP INDEX {constraint}" if is_index else f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"
    with connection.cursor() as cursor:
        cursor.execute(drop)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE booking_deskact, booking_visit CASCADE")
            cursor.execute(definition)


WITHOUT_ONE_VISIT = (
    "booking_visit",
    "one_visit_per_appointment",
    "CREATE UNIQUE INDEX one_visit_per_appointment ON booking_visit (appointment_id) WHERE NOT status = 'CANCELLED'",
)
WITHOUT_TICKETS = (
    "booking_visit",
    "one_visit_per_ticket",
    "ALTER TABLE booking_visit ADD CONSTRAINT one_visit_per_ticket UNIQUE (site_id, day, ticket)",
)
WITHOUT_KEYS = (
    "booking_deskact",
    "one_act_per_device_and_key",
    "ALTER TABLE booking_deskact ADD CONSTRAINT one_act_per_device_and_key UNIQUE (device, key)",
)


def look_together(module, name, looked, monkeypatch):
    """Replace what waits by what looks when everybody else does."""
    together = threading.Barrier(DESKS)

    def look(*args):
        found = looked(*args)
        together.wait(timeout=30)
        return found

    monkeypatch.setattr(module, name, look)


def scans_of_one(site):
    [somebody] = make_expected(site, 1)
    return [make_act(ActKind.CHECK_IN, somebody, make_desk(site), desk=f"登记台 {n}") for n in range(DESKS)]


def test_one_code_at_twenty_desks_is_one_check_in_and_the_others_learn_where(site, tell):
    answers = tell(scans_of_one(site))

    done = [answer for answer in answers if answer.outcome == "done"]
    others = [answer for answer in answers if answer.outcome == "refused"]
    assert (len(done), len(others)) == (1, DESKS - 1)
    assert {(answer.code, answer.facts["desk"]) for answer in others} == {("already", done[0].facts["desk"])}
    assert Visit.objects.count() == 1


def without_lock(reference):
    return Appointment.objects.filter(reference=reference).first()


def test_twin_without_the_lock_the_ledger_still_keeps_a_second_visit_out(site, tell, monkeypatch):
    look_together(carry_out, "_locked", without_lock, monkeypatch)

    answers = tell(scans_of_one(site))

    assert sum(isinstance(answer, Exception) for answer in answers) == DESKS - 1
    assert Visit.objects.count() == 1


def test_twin_without_lock_and_constraint_one_person_comes_many_times(site, tell, monkeypatch):
    look_together(carry_out, "_locked", without_lock, monkeypatch)

    with table_without(*WITHOUT_ONE_VISIT, is_index=True):
        tell(scans_of_one(site))

        assert Visit.objects.count() == DESKS


def scans_of_many(site):
    desk = make_desk(site)
    return [make_act(ActKind.CHECK_IN, somebody, desk) for somebody in make_expected(site, DESKS)]


def tickets():
    return sorted(Visit.objects.values_list("ticket", flat=True))


def test_twenty_who_come_at_once_have_twenty_numbers(site, tell):
    answers = tell(scans_of_many(site))

    assert {answer.outcome for answer in answers} == {"done"}
    assert tickets() == list(range(1, DESKS + 1))


def test_twin_without_the_turn_the_ledger_still_gives_no_number_twice(site, tell, monkeypatch):
    look_together(arrive, "wait_for_turn", lambda *_: None, monkeypatch)

    answers = tell(scans_of_many(site))

    assert any(isinstance(answer, Exception) for answer in answers)
    assert len(tickets()) == len(set(tickets()))


def test_twin_without_turn_and_constraint_many_have_the_same_number(site, tell, monkeypatch):
    look_together(arrive, "wait_for_turn", lambda *_: None, monkeypatch)

    with table_without(*WITHOUT_TICKETS):
        tell(scans_of_many(site))

        assert len(tickets()) == DESKS
        assert len(set(tickets())) < DESKS


def one_act_many_times(site, *, offline=False):
    [somebody] = make_expected(site, 1)
    act = make_act(ActKind.CHECK_IN, somebody, make_desk(site), offline=offline, device=uuid.uuid4())
    return [act] * DESKS


def test_one_act_sent_twenty_times_at_once_has_one_effect_and_one_answer(site, tell):
    answers = tell(one_act_many_times(site))

    assert sorted(answer.repeated for answer in answers) == [False] + [True] * (DESKS - 1)
    assert {(answer.outcome, answer.code, answer.facts["ticket"]) for answer in answers} == {("done", "on_time", 1)}
    assert DeskAct.objects.count() == Visit.objects.count() == 1


def test_twin_without_the_turn_a_repeat_is_told_that_somebody_else_was_quicker(site, tell, monkeypatch):
    monkeypatch.setattr(carry_out, "wait_for_turn", lambda *_: None)
    look_together(carry_out, "_told_before", lambda *_: {}, monkeypatch)

    answers = tell(one_act_many_times(site))

    assert any(getattr(answer, "code", "") == "already" for answer in answers)
    assert DeskAct.objects.count() == Visit.objects.count() == 1


def test_twin_without_turn_and_constraint_one_act_is_written_many_times(site, tell, monkeypatch):
    monkeypatch.setattr(carry_out, "wait_for_turn", lambda *_: None)
    look_together(carry_out, "_told_before", lambda *_: {}, monkeypatch)

    with table_without(*WITHOUT_KEYS):
        tell(one_act_many_times(site, offline=True))

        assert DeskAct.objects.count() == DESKS
