"""While many join at once, whoever joins works for it, or waits; a locked account joins nothing."""

import base64
import json
from datetime import timedelta

import altcha
import pytest
import time_machine

from booking.models import Suspicion, SuspicionState
from booking.operations.queues.join import join_queue
from booking.operations.refusals import ProofNeeded
from booking.operations.touts.refusals import BookingLocked
from booking.queries.touts import forget_locked
from booking.rules import bulk
from tests.factories import CLOCK, make_patient
from tests.operations.queues.standing import BEFORE, join, queue_to_come

pytestmark = pytest.mark.django_db


@pytest.fixture
def rush(settings):
    """More have joined in these seconds than join on a quiet day."""
    settings.PROOF_ABOVE = 0
    queue, _ = queue_to_come()
    # The library looks at the machine's clock.
    with time_machine.travel(BEFORE, tick=False):
        yield queue


def _join(queue, patient, proof="", *, now=BEFORE):
    fields = {"account_id": patient.user_id, "patient_ids": [patient.pk], "queue_id": queue.pk, "now": now}
    return join_queue(proof=proof, **fields)


def _needed(queue, patient, proof="", *, now=BEFORE):
    with pytest.raises(ProofNeeded) as refused:
        _join(queue, patient, proof, now=now)
    return refused.value.facts


def _solved(challenge):
    made = altcha.Challenge.from_dict(challenge)
    payload = altcha.Payload(challenge=made, solution=altcha.solve_challenge(made))
    return base64.b64encode(json.dumps(payload.to_dict()).encode()).decode()


def test_on_a_quiet_day_nobody_works_for_a_place():
    queue, _ = queue_to_come()

    assert join(make_patient(), queue, now=BEFORE).standing.early


def test_in_a_rush_a_proof_of_work_gets_a_place_and_nothing_else_does(rush):
    patient = make_patient()
    facts = _needed(rush, patient)

    assert _needed(rush, patient, "made up")
    [place] = _join(rush, patient, _solved(facts["challenge"]))

    assert place.patient_id == patient.pk


def test_a_proof_is_of_no_use_to_another_account_or_twice(rush):
    patient = make_patient()
    proof = _solved(_needed(rush, patient)["challenge"])

    _needed(rush, make_patient(), proof)
    _join(rush, patient, proof)

    _needed(rush, patient, proof)


def test_whoever_cannot_work_waits_half_a_minute_for_the_same_place(rush):
    patient = make_patient()
    wait = _needed(rush, patient)["wait"]

    [waited] = _join(rush, patient, wait, now=BEFORE + timedelta(seconds=30))
    [worked] = _join(rush, patient, _solved(_needed(rush, patient)["challenge"]))

    assert waited.standing == worked.standing


def test_a_locked_account_joins_nothing():
    queue, _ = queue_to_come()
    patient = make_patient()
    Suspicion.objects.create(
        account=patient.user, sign=bulk.PEOPLE, state=SuspicionState.LOCKED, raised_at=CLOCK, decided_at=CLOCK
    )
    forget_locked()

    with pytest.raises(BookingLocked):
        join(patient, queue, now=BEFORE)
