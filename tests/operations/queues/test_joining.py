"""Joining: one place for one person, early or behind by the server's clock, whatever becomes of the gate."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from accounts.models import Patient
from booking.admission.connection import connection as gate_connection
from booking.models import ReleaseQueue
from booking.operations.queues.count import count_queue, count_queues
from booking.operations.queues.let_in import refuse_out_of_queue
from booking.operations.queues.places import read_place
from booking.operations.queues.refusals import QueueNotOpen, QueueNotYet
from booking.operations.refusals import NotFound
from booking.queries.queues import forget_queue_slots, live_queue
from tests.factories import CLOCK, make_family, make_patient
from tests.operations.queues.standing import BEFORE, bring, it_opens, join, open_queue, queue_to_come

pytestmark = pytest.mark.django_db


@contextmanager
def no_gate():
    breaker = gate_connection().breaker
    breaker.failed()
    breaker._open_until += 60
    try:
        yield
    finally:
        breaker.worked()


def _again_in_another_account(patient):
    other = make_patient()
    Patient.objects.filter(pk=other.pk).update(person=patient.person)
    return other


def _counted(queue, *, now):
    count_queue(queue.pk, now=now)
    return ReleaseQueue.objects.get(pk=queue.pk)


def test_one_person_has_one_place_however_many_accounts_join_for_them():
    (queue, _slot), patient = queue_to_come(), make_patient()
    everywhere = [patient, *(_again_in_another_account(patient) for _ in range(49))]

    standings = {join(one, queue, now=BEFORE).standing for one in everywhere}

    assert len(standings) == 1
    assert _counted(queue, now=BEFORE).early == 1


def test_one_person_has_one_number_behind_too():
    (queue, _slot), patient = open_queue(), make_patient()
    everywhere = [patient, *(_again_in_another_account(patient) for _ in range(49))]

    standings = {join(one, queue, now=CLOCK).standing for one in everywhere}

    assert [(one.early, one.number) for one in standings] == [(False, 1)]


def test_each_of_a_family_has_a_place_of_their_own():
    (queue, _slot), family = queue_to_come(), make_family(3)

    standings = {join(one, queue, now=BEFORE).standing for one in family}

    assert len(standings) == 3
    assert all(one.early for one in standings)


def test_who_joins_after_the_opening_cannot_get_an_early_place():
    (queue, slot), early = queue_to_come(), make_patient()
    join(early, queue, now=BEFORE)
    it_opens(queue, slot)

    # Also where the caller's clock is behind: the gate's decides.
    late = join(make_patient(), queue, now=CLOCK - timedelta(minutes=10))

    assert (late.standing.early, late.standing.number) == (False, 1)


def test_who_lost_an_early_place_gets_it_again_after_the_opening():
    (queue, slot), patient = queue_to_come(), make_patient()
    before = join(patient, queue, now=BEFORE)
    it_opens(queue, slot)

    assert join(patient, queue, now=CLOCK).standing == before.standing


@pytest.mark.parametrize(
    ("change", "now", "reason"),
    [
        ({}, BEFORE - timedelta(hours=1), "early"),
        ({}, BEFORE + timedelta(hours=5), "over"),
        ({"cancelled_at": CLOCK}, BEFORE, "cancelled"),
    ],
)
def test_nobody_joins_too_early_too_late_or_a_cancelled_queue(change, now, reason):
    queue, _slot = queue_to_come()
    ReleaseQueue.objects.filter(pk=queue.pk).update(**change)
    forget_queue_slots()

    with pytest.raises(QueueNotOpen) as refused:
        join(make_patient(), queue, now=now)

    assert refused.value.facts["reason"] == reason


def test_nobody_joins_for_somebody_elses_patient():
    (queue, _slot), stranger = queue_to_come(), make_patient()
    mine = make_patient()
    mine.user_id = stranger.user_id

    with pytest.raises(NotFound):
        join(mine, queue, now=BEFORE)


def test_what_is_given_can_be_read_back_and_nothing_else_can():
    (queue, _slot), patient = queue_to_come(), make_patient()
    place = join(patient, queue, now=BEFORE)

    assert read_place(place.token) == place
    assert str(patient.person) not in place.token
    for wrong in ("", "x", place.token[:-1], place.token.replace(".e", ".n"), f"9{place.token}"):
        assert read_place(wrong) is None


# --- Counting ---------------------------------------------------------------------------------------------------------


def test_how_many_came_early_is_counted_once_and_for_all_after_the_opening():
    queue, slot = queue_to_come(people_a_minute=1)
    places = [join(make_patient(), queue, now=BEFORE) for _ in range(20)]
    it_opens(queue, slot)
    last = max(places, key=lambda place: place.standing.number)
    with pytest.raises(QueueNotYet) as refused:
        refuse_out_of_queue([(last.patient_id, slot.pk)], bring(last), now=CLOCK)
    known = live_queue(queue.pk)
    gate_connection().client.sadd(f"queue:{{{queue.pk}}}:early", "one more")

    row = _counted(queue, now=CLOCK + timedelta(minutes=1))

    assert (known.early, known.is_counted, row.early) == (20, True, 20)
    # Whoever has the highest of twenty fractions is not the first of them.
    assert CLOCK < refused.value.facts["let_in_at"] < CLOCK + timedelta(minutes=20)


def test_the_job_counts_what_people_stand_in_and_nothing_else():
    queue, _slot = queue_to_come()
    join(make_patient(), queue, now=BEFORE)

    assert count_queues(now=BEFORE) == 1
    assert count_queues(now=BEFORE - timedelta(hours=2)) == 0
    assert ReleaseQueue.objects.get(pk=queue.pk).early == 1


# --- Without the gate, or with one that has forgotten -----------------------------------------------------------------


def test_before_the_opening_people_join_without_the_gate():
    (queue, _slot), patient = queue_to_come(), make_patient()

    with no_gate():
        without = join(patient, queue, now=BEFORE)

    assert without.standing == join(patient, queue, now=BEFORE).standing


def test_after_the_opening_the_ledger_numbers_those_who_come_without_the_gate():
    (queue, _slot) = open_queue()

    with no_gate():
        numbers = [join(make_patient(), queue, now=CLOCK).standing.number for _ in range(3)]
    forget_queue_slots()

    assert numbers == [1, 2, 3]
    assert join(make_patient(), queue, now=CLOCK).standing.number == 4


def test_without_the_gate_what_was_counted_last_counts():
    queue, slot = queue_to_come()
    places = [join(make_patient(), queue, now=BEFORE) for _ in range(2)]
    count_queue(queue.pk, now=BEFORE)
    it_opens(queue, slot)

    with no_gate():
        for place in places:
            refuse_out_of_queue([(place.patient_id, slot.pk)], bring(place), now=CLOCK + timedelta(minutes=1))

    assert live_queue(queue.pk).early == 2


def test_an_emptied_gate_takes_no_place_away_and_gives_no_number_twice_that_was_counted():
    queue, slot = queue_to_come()
    early = [join(make_patient(), queue, now=BEFORE) for _ in range(2)]
    count_queue(queue.pk, now=BEFORE)
    it_opens(queue, slot)
    late = [join(make_patient(), queue, now=CLOCK) for _ in range(3)]
    count_queue(queue.pk, now=CLOCK)

    gate_connection().client.flushall()
    forget_queue_slots()

    assert join(make_patient(), queue, now=CLOCK).standing.number == 4
    for place in [*early, *late]:
        refuse_out_of_queue([(place.patient_id, slot.pk)], bring(place), now=CLOCK + timedelta(minutes=1))
    assert _counted(queue, now=CLOCK + timedelta(minutes=2)).early == 2
