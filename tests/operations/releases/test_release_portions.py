"""Later portions come by themselves, each once, also after an outage."""

import functools
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from booking import admission, jobs
from booking.admission.connection import connection as gate_connection
from booking.models import Slot, SlotEvent
from booking.operations.quotas.set_quota import set_quota
from booking.operations.reconcile import reconcile
from booking.operations.releases.release_portions import release_portions
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from booking.queries.releases import next_release
from tests.factories import make_release_rule, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
THREE = [[50, 0], [30, 60], [20, 240]]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def make_open(now, minutes, *, portions=THREE, due=60, **fields) -> Slot:
    """A slot of ten places that opened so many minutes ago with half of them; the second portion comes after 60."""
    opened = now - timedelta(minutes=minutes)
    slot = make_slot(quota=5, opens_at=opened, starts_at=now + timedelta(days=3), **fields)
    Slot.objects.filter(pk=slot.pk).update(kept_later=5, next_portion_at=opened + timedelta(minutes=due))
    if portions:
        make_release_rule(slot.programme, portions=portions)
    slot.refresh_from_db()
    return slot


def stands(slot):
    slot.refresh_from_db()
    return slot.quota, slot.kept_later, slot.next_portion_at


def test_a_portion_comes_when_it_is_due_and_not_before(now):
    early, due = make_open(now, 59), make_open(now, 61)

    assert release_portions(now=now) == 1

    assert stands(early)[:2] == (5, 5)
    assert stands(due) == (8, 2, due.opens_at + timedelta(minutes=240))
    event = SlotEvent.objects.get()
    assert (event.kind, event.facts) == ("PORTION", {"from": 5, "to": 8, "kept_later": 2})


def test_a_second_run_changes_nothing(now):
    make_open(now, 61)
    release_portions(now=now)

    assert release_portions(now=now) == 0
    assert SlotEvent.objects.count() == 1


def test_after_an_outage_everything_that_is_due_comes(now):
    slot = make_open(now, 3000)

    release_portions(now=now)

    assert stands(slot) == (10, 0, None)


def test_a_slot_for_which_no_rule_counts_any_more_gets_all_that_is_left(now):
    slot = make_open(now, 61, portions=None)

    release_portions(now=now)

    assert stands(slot) == (10, 0, None)


def test_what_somebody_set_by_hand_meanwhile_is_added_to(now):
    slot = make_open(now, 61)
    set_quota(slot_id=slot.pk, quota=9, by=None, now=now)

    release_portions(now=now)

    assert stands(slot)[:2] == (11, 3)


def test_the_gate_gives_the_new_places_out_at_once(now):
    slot = make_open(now, 61)
    load_slot(slot.pk, now=now)
    places = [admission.admit(slot.pk, f"first-{n}", lease=30).place for n in range(6)]
    assert places.count(None) == 1

    release_portions(now=now)

    assert [admission.admit(slot.pk, f"second-{n}", lease=30).place is not None for n in range(4)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_without_the_gate_they_come_too_and_reconcile_tells_it(now):
    slot = make_open(now, 61)
    load_slot(slot.pk, now=now)
    gate_connection().breaker.failed()
    gate_connection().breaker._open_until += 60
    try:
        release_portions(now=now)
    finally:
        gate_connection().breaker.worked()

    assert stands(slot)[0] == 8
    reconcile(now=now)
    assert admission.places_left([slot.pk]) == {slot.pk: 8}
    assert audit(now=now).is_clean


def test_a_clock_that_is_fast_releases_nothing_early(now):
    slot = make_open(now, 59)

    assert release_portions(now=now + timedelta(minutes=2)) == 0
    assert stands(slot)[:2] == (5, 5)


def test_side_by_side_each_portion_comes_once(now):
    slots = [make_open(now, 61) for _ in range(6)]

    done = all_at_once([functools.partial(release_portions, now=now)] * 4, threads=4)

    assert sum(done) == SlotEvent.objects.count() == 6
    assert {stands(slot)[:2] for slot in slots} == {(8, 2)}


def test_a_slot_that_is_being_booked_just_then_gets_its_portion_in_the_same_run(now):
    slot = make_open(now, 61)

    def book_slowly() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT FROM booking_slot WHERE id = %s FOR SHARE", [slot.pk])
            cursor.execute("SELECT pg_sleep(0.5)")

    results = all_at_once([book_slowly, functools.partial(release_portions, now=now)], threads=2)

    assert results == [None, 1]


def test_the_job_says_how_many(now):
    make_open(now, 61)

    assert (jobs.release_portions(), jobs.release_portions()) == (1, 0)


def test_the_first_page_knows_when_the_next_portion_comes_and_leaves_out_what_was_withdrawn(now):
    slot = make_open(now, 30)
    withdrawn = make_slot(opens_at=now + timedelta(minutes=5), starts_at=now + timedelta(days=3))
    Slot.objects.filter(pk=withdrawn.pk).update(withdrawn_at=now, quota=0, closed_at=now)

    release = next_release(now=now)

    assert release.opens_at == slot.next_portion_at
    assert [programme.code for programme in release.programmes] == [slot.programme.code]
