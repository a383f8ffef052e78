"""Nobody takes a place of a release with a queue before their turn, by whichever way they ask for it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Appointment, ReleaseQueue
from booking.operations.book import book
from booking.operations.hold import hold
from booking.operations.move import move
from booking.operations.queues.let_in import refuse_out_of_queue
from booking.operations.queues.refusals import QueueNotYet, QueuePlaceMissing, QueuePlaceWrong
from booking.operations.refusals import NoSecondPlace, NotOpen
from booking.operations.releases.brought import NOTHING, Brought
from booking.queries.queues import forget_queue_slots
from tests.factories import CLOCK, make_family, make_patient, make_queue, make_slot, make_two_dose_programme
from tests.operations.queues.standing import (
    BEFORE,
    WAYS,
    bring,
    it_opens,
    join,
    open_queue,
    queue_to_come,
    ways,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", WAYS)
def test_without_a_place_in_the_queue_nobody_gets_one_in_the_slot(way):
    queue, slot = open_queue()

    with pytest.raises(QueuePlaceMissing) as refused:
        ways(make_patient(), slot)[way]()

    assert refused.value.facts == {"queue": queue.pk}
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_whose_turn_it_is_gets_a_place(way):
    (queue, slot), patient = queue_to_come(), make_patient()
    place = join(patient, queue, now=BEFORE)
    it_opens(queue, slot)

    # One person was there: no one is ahead.
    ways(patient, slot, brought=bring(place))[way]()


@pytest.mark.parametrize("way", WAYS)
def test_who_came_late_waits_and_then_gets_a_place(way):
    (queue, slot), first, second = open_queue(people_a_minute=1), make_patient(), make_patient()
    join(first, queue, now=CLOCK)
    brought = bring(join(second, queue, now=CLOCK))

    with pytest.raises(QueueNotYet) as refused:
        ways(second, slot, brought=brought, now=CLOCK + timedelta(seconds=59))[way]()
    ways(second, slot, brought=brought, now=CLOCK + timedelta(seconds=60))[way]()

    assert refused.value.facts["let_in_at"] == CLOCK + timedelta(minutes=1)


def test_before_the_opening_everybody_waits_and_nobody_knows_how_long():
    (queue, slot), patient = queue_to_come(), make_patient()
    brought = bring(join(patient, queue, now=BEFORE))

    with pytest.raises(QueueNotYet) as refused:
        ways(patient, slot, brought=brought, now=BEFORE)["book"]()

    assert refused.value.facts["let_in_at"] is None


def test_a_place_that_is_held_is_honoured():
    (queue, slot), patient = queue_to_come(), make_patient()
    place = join(patient, queue, now=BEFORE)
    it_opens(queue, slot)
    held = hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=CLOCK, brought=bring(place))

    booked = book(
        account_id=patient.user_id,
        patient_id=patient.pk,
        slot_id=slot.pk,
        request_key="from-a-hold",
        now=CLOCK,
        hold_claim=held.claim,
    )

    assert booked.slot_id == slot.pk


def test_a_claim_that_was_never_held_does_not_slip_past():
    _queue, slot = open_queue()
    patient = make_patient()

    with pytest.raises(Exception) as refused:  # noqa: PT011 - whichever it is, no place
        book(
            account_id=patient.user_id,
            patient_id=patient.pk,
            slot_id=slot.pk,
            request_key="made-up-hold",
            now=CLOCK,
            hold_claim="0" * 24,
        )

    assert refused.value.code == "hold_expired"
    assert not Appointment.objects.exists()


def test_a_move_into_the_release_needs_a_place_too():
    (queue, slot), patient = open_queue(), make_patient()
    outside = make_slot(programme=queue.programme)
    booked = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=outside.pk, request_key="before-move", now=CLOCK
    )
    wanted = {
        "account_id": patient.user_id,
        "reference": booked.reference,
        "slot_id": slot.pk,
        "request_key": "the-move",
        "now": CLOCK,
    }

    with pytest.raises(QueuePlaceMissing):
        move(**wanted)

    moved = move(**wanted, brought=bring(join(patient, queue, now=CLOCK)))
    assert moved.slot_id == slot.pk


def test_a_later_dose_does_not_go_along_into_the_release_without_a_place():
    programme = make_two_dose_programme()
    patient = make_patient()
    first, target = (make_slot(programme=programme, starts_at=CLOCK + timedelta(days=day)) for day in (3, 10))
    second = make_slot(programme=programme, starts_at=CLOCK + timedelta(days=33), site=first.site)
    released = make_slot(
        programme=programme, starts_at=CLOCK + timedelta(days=40), site=first.site, opens_at=CLOCK - timedelta(hours=1)
    )
    for n, slot in enumerate((first, second)):
        book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=f"dose-{n:06}", now=CLOCK)
    queue = make_queue(programme, opens_in=timedelta(hours=-1))
    forget_queue_slots()
    reference = Appointment.objects.get(slot=first).reference
    wanted = {
        "account_id": patient.user_id,
        "reference": reference,
        "slot_id": target.pk,
        "request_key": "move-along",
        "now": CLOCK,
    }

    with pytest.raises(NoSecondPlace):
        move(**wanted)

    assert not Appointment.objects.filter(slot=released).exists()
    # It is the queue that kept it out, and nothing else.
    ReleaseQueue.objects.filter(pk=queue.pk).update(cancelled_at=CLOCK)
    forget_queue_slots()
    move(**wanted)
    assert Appointment.objects.filter(slot=released).exists()


def test_a_family_waits_for_the_one_who_waits_longest():
    (queue, slot), family = open_queue(people_a_minute=1), make_family(2)
    places = [join(patient, queue, now=CLOCK) for patient in family]

    with pytest.raises(QueueNotYet) as refused:
        refuse_out_of_queue([(one.pk, slot.pk) for one in family], bring(*places), now=CLOCK)

    assert refused.value.facts["let_in_at"] == CLOCK + timedelta(minutes=1)
    assert refused.value.facts["patient"] == family[1].pk


def test_after_its_end_nobody_needs_a_place():
    _queue, slot = open_queue()

    ways(make_patient(), slot, now=CLOCK + timedelta(hours=4, seconds=1))["book"]()


def test_a_cancelled_queue_keeps_nobody_out():
    queue, slot = open_queue()
    ReleaseQueue.objects.filter(pk=queue.pk).update(cancelled_at=CLOCK)
    forget_queue_slots()

    ways(make_patient(), slot)["book"]()


def test_other_slots_and_other_programmes_are_booked_as_ever():
    queue, _slot = open_queue()

    ways(make_patient(), make_slot(programme=queue.programme))["book"]()
    ways(make_patient(), make_slot(opens_at=CLOCK))["book"]()


def test_before_the_lobby_the_release_is_simply_not_open():
    queue, slot = queue_to_come()

    with pytest.raises(NotOpen):
        ways(make_patient(), slot, now=queue.lobby_from - timedelta(minutes=1))["book"]()


def test_refusing_a_crowd_costs_no_statement():
    (queue, slot), patient = open_queue(), make_patient()
    place = join(make_patient(), queue, now=CLOCK)
    wishes = [(patient.pk, slot.pk)]
    for brought in (NOTHING, bring(place)):
        with pytest.raises(QueuePlaceMissing):
            refuse_out_of_queue(wishes, brought, now=CLOCK)

    with CaptureQueriesContext(
        connection,
    ) as statements:
        for brought in (NOTHING, Brought({patient.pk: place.token}), Brought({patient.pk: "made up"})):
            with pytest.raises((QueuePlaceMissing, QueuePlaceWrong)):
                refuse_out_of_queue(wishes, brought, now=CLOCK)

    assert len(statements) == 0
