"""Many people join the queue of a release at once: each once, each with a number of their own."""

from functools import partial

import pytest

from booking.admission.connection import connection as gate_connection
from booking.admission.keys import queue_keys
from booking.models import ReleaseQueue
from booking.operations.queues import join as joining
from booking.operations.queues.count import counted
from booking.queries.queues import forget_queue_slots, live_queue
from tests.factories import CLOCK, make_patients
from tests.operations.queues.standing import BEFORE, it_opens, join, open_queue, queue_to_come
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def _all_join(people, queue, now):
    return all_at_once([partial(join, patient, queue, now=now) for patient in people])


def _numbers(places):
    return sorted(place.standing.number for place in places)


def test_two_hundred_who_come_late_get_two_hundred_numbers():
    (queue, _slot), people = open_queue(), make_patients(200)
    live_queue(queue.pk)

    places = _all_join(people, queue, CLOCK)

    assert _numbers(places) == list(range(1, 201))


def test_two_hundred_who_come_early_are_two_hundred_and_again_no_more():
    (queue, slot), people = queue_to_come(), make_patients(200)

    first, again = (_all_join(people, queue, BEFORE) for _ in range(2))
    it_opens(queue, slot)
    forget_queue_slots()
    rows = all_at_once([partial(counted, live_queue(queue.pk), now=CLOCK) for _ in range(32)])

    assert [place.standing for place in first] == [place.standing for place in again]
    assert len(set(_numbers(first))) == 200
    assert {row.early for row in rows} == {200}
    assert ReleaseQueue.objects.get(pk=queue.pk).early == 200


def test_a_gate_that_counts_in_two_steps_gives_a_number_twice(monkeypatch):
    (queue, _slot), people = open_queue(), make_patients(200)
    live_queue(queue.pk)

    def in_two_steps(queue_id, fraction, **_rest):
        client, (_early, behind, last) = gate_connection().client, queue_keys(queue_id)
        number = int(client.get(last) or 0) + 1
        client.set(last, number)
        client.hset(behind, fraction, number)
        return number

    monkeypatch.setattr(joining.admission, "join_queue", in_two_steps)

    places = _all_join(people, queue, CLOCK)

    assert len(set(_numbers(places))) < 200
