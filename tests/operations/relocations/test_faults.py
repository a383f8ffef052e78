"""Deaths in between, a gate that is away or wrong, and work that somebody else did meanwhile."""

import threading

import pytest

from booking import admission
from booking.admission.connection import connection as gate_connection
from booking.models import Appointment, Message, Relocation
from booking.operations.cancel import cancel
from booking.operations.reconcile import reconcile
from booking.operations.relocations import give_place, move_people
from booking.queries.audit import audit
from tests.factories import make_patient

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """What takes the process away; nobody catches it."""


@pytest.fixture
def one_moved(closed):
    """One person of a closed slot, and one place for them."""
    [row] = closed.full_of(1)
    place = closed.slot(1, quota=1, site=closed.near())
    closed.close()
    return row, place


def test_killed_between_gate_and_ledger_the_next_run_finishes_with_the_same_place(closed, one_moved, now, monkeypatch):
    row, place = one_moved

    def dies(*args, **more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(give_place, "_record", dies)
        with pytest.raises(Killed):
            closed.move([row])
    assert admission.places_left([place.pk]) == {place.pk: 0}
    assert Appointment.objects.get().slot_id == row.slot_id

    # The gate says that nothing is left; the place is tried all the same, and the claim has it already.
    monkeypatch.setattr("booking.queries.relocation_slots.left_of", lambda quotas, **_: quotas)
    closed.move([row])

    assert Appointment.objects.get().slot_id == place.pk
    assert audit(now=now).is_clean


def test_killed_and_never_run_again_the_lease_brings_the_place_back(closed, one_moved, now, monkeypatch, settings):
    row, place = one_moved
    settings.GATE = {**settings.GATE, "lease": 0.05}

    def dies(*args, **more):
        raise Killed

    monkeypatch.setattr(give_place, "_record", dies)
    with pytest.raises(Killed):
        closed.move([row])
    threading.Event().wait(0.1)

    assert place.pk in reconcile(now=now).repaired
    assert admission.places_left([place.pk]) == {place.pk: 1}
    assert audit(now=now).is_clean


def test_killed_after_half_of_the_people_the_next_run_does_the_rest(closed, now, monkeypatch):
    rows = closed.full_of(6)
    closed.slot(1, site=closed.near())
    closed.close()
    deal_with, done = move_people._deal_with, []

    def dies_after_three(row, *args):
        if len(done) == 3:
            raise Killed
        done.append(deal_with(row, *args))

    with monkeypatch.context() as patch:
        patch.setattr(move_people, "_deal_with", dies_after_three)
        with pytest.raises(Killed):
            closed.move(rows)

    again = closed.move(rows)

    assert (len(again.moved), len(again.left)) == (3, 3)
    assert Relocation.objects.count() == Message.objects.filter(kind="RELOCATED").count() == 6
    assert audit(now=now).is_clean


def test_without_the_gate_people_are_moved_from_the_ledger(closed, now):
    rows = closed.full_of(4)
    place = closed.slot(1, quota=3, site=closed.near())
    closed.close()

    gate_connection().breaker.failed()
    gate_connection().breaker._open_until += 60
    try:
        done = closed.move(rows)
    finally:
        gate_connection().breaker.worked()

    assert (len(done.moved), len(done.cancelled)) == (3, 1)
    assert sorted(place.appointments.values_list("place", flat=True)) == [1, 2, 3]
    reconcile(now=now)
    assert audit(now=now).is_clean


def test_a_gate_that_is_wrong_about_a_slot_is_put_right(closed, one_moved, now):
    row, place = one_moved
    place.quota = 2
    place.save()
    closed.book(make_patient(), place)
    taken = place.appointments.get().place
    free = f"slot:{{{place.pk}}}:free"
    gate_connection().client.delete(free)
    gate_connection().client.sadd(free, taken)

    closed.move([row])

    assert sorted(place.appointments.values_list("place", flat=True)) == [1, 2]
    assert audit(now=now).is_clean


def test_who_cancels_in_this_moment_is_not_moved_and_their_new_place_goes_back(closed, one_moved, now, monkeypatch):
    row, place = one_moved
    record = give_place._record

    def after_they_cancelled(*args, **more):
        cancel(account_id=row.booked_by_id, reference=row.reference, now=now)
        return record(*args, **more)

    monkeypatch.setattr(give_place, "_record", after_they_cancelled)

    done = closed.move([row])

    assert done.left == [row.pk]
    assert admission.places_left([place.pk]) == {place.pk: 1}
    assert (Relocation.objects.count(), Message.objects.exclude(kind__in=["BOOKED", "CANCELLED"]).count()) == (0, 0)
    assert audit(now=now).is_clean
