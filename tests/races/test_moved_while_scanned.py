"""An appointment is scanned while it moves to another slot: the desk waits, and judges it by where it is then."""

import threading
import time

import pytest
from django.db import connection, transaction

from booking.models import ActKind, Appointment
from booking.operations.desk import carry_out as module
from tests.desk_factories import make_act, make_desk, make_expected, make_slot_now
from tests.factories import CLOCK, make_site

pytestmark = pytest.mark.django_db(transaction=True)


def scanned_while_it_moves():
    """The answer to a scan at the site to which the appointment is just moving."""
    [somebody], site = make_expected(make_site(), 1), make_site()
    act, there = make_act(ActKind.CHECK_IN, somebody, make_desk(site)), make_slot_now(site)
    answers = []

    def scan():
        try:
            answers.append(module.carry_out(act, site=site, sent_by=act.by, now=CLOCK))
        finally:
            connection.close()

    desk = threading.Thread(target=scan)
    with transaction.atomic():
        Appointment.objects.select_for_update().get(pk=somebody.pk)
        Appointment.objects.filter(pk=somebody.pk).update(slot=there)
        desk.start()
        _somebody_waits()
    desk.join(timeout=60)
    return answers[0]


def _somebody_waits():
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            # In this database only: other tests run beside this one, in their own.
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_somebody_who_is_moved_while_scanned_is_checked_in_where_they_are_now():
    answer = scanned_while_it_moves()

    assert (answer.outcome, answer.code) == ("done", "on_time")


def test_twin_that_looks_once_finds_the_old_slot_with_the_new_row_and_so_nobody(monkeypatch):
    def looked_once(reference):
        rows = Appointment.objects.select_for_update(of=("self",)).select_related("slot")
        return rows.filter(reference=reference).first()

    monkeypatch.setattr(module, "_locked", looked_once)

    assert scanned_while_it_moves().code == "not_in_list"
