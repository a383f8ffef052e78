"""What somebody might try with a place in the queue, and what it is worth."""

from datetime import timedelta

import pytest
from django.core.signing import Signer

from accounts.models import Patient
from booking.models import Appointment
from booking.operations.book import book
from booking.operations.queues.let_in import refuse_out_of_queue
from booking.operations.queues.places import place_of
from booking.operations.queues.refusals import QueueNotYet, QueuePlaceMissing, QueuePlaceWrong
from booking.operations.refusals import NotFound
from booking.operations.releases.brought import Brought
from booking.rules.queue import Standing
from tests.factories import CLOCK, make_patient
from tests.operations.queues.standing import bring, join, open_queue

pytestmark = pytest.mark.django_db


def _try(patient, slot, token, *, now=CLOCK):
    refuse_out_of_queue([(patient.pk, slot.pk)], Brought({patient.pk: token}), now=now)


def test_a_place_is_let_in_as_it_was_given():
    (queue, slot), patient = open_queue(), make_patient()

    _try(patient, slot, join(patient, queue, now=CLOCK).token)


@pytest.mark.parametrize("forged", ["x", "1.2.e3.4:x", "~", "." * 300])
def test_a_place_that_was_made_up_is_none(forged):
    _queue, slot = open_queue()

    with pytest.raises(QueuePlaceWrong):
        _try(make_patient(), slot, forged)


def test_a_place_signed_for_something_else_is_none():
    (queue, slot), patient = open_queue(), make_patient()
    text = f"{queue.pk}.{patient.pk.hex}.n1.{int(CLOCK.timestamp()) + 3600}"

    with pytest.raises(QueuePlaceWrong):
        _try(patient, slot, Signer(salt="booking.hold").sign(text))


@pytest.mark.parametrize("put", [("n2", "n1"), ("n2", "e0")])
def test_a_place_that_was_altered_is_none(put):
    (queue, slot), patient = open_queue(), make_patient()
    join(make_patient(), queue, now=CLOCK)
    token = join(patient, queue, now=CLOCK).token

    with pytest.raises(QueuePlaceWrong):
        _try(patient, slot, token.replace(f".{put[0]}.", f".{put[1]}."))


def test_a_place_of_one_queue_is_none_in_another():
    (one, _slot), (_other, slot), patient = open_queue(), open_queue(), make_patient()

    with pytest.raises(QueuePlaceWrong):
        _try(patient, slot, join(patient, one, now=CLOCK).token)


def test_of_places_in_several_queues_the_right_one_counts():
    (one, _slot), (other, slot), patient = open_queue(), open_queue(), make_patient()

    _try(patient, slot, "~".join(join(patient, queue, now=CLOCK).token for queue in (one, other)))


def test_a_place_is_of_no_use_to_another_person():
    (queue, slot), friend, patient = open_queue(), make_patient(), make_patient()
    token = join(friend, queue, now=CLOCK).token

    with pytest.raises(QueuePlaceWrong):
        _try(patient, slot, token)
    with pytest.raises(QueuePlaceMissing):
        refuse_out_of_queue([(patient.pk, slot.pk)], Brought({friend.pk: token}), now=CLOCK)


def test_another_account_cannot_book_with_somebody_elses_patient_and_place():
    (queue, slot), patient, thief = open_queue(), make_patient(), make_patient()

    with pytest.raises(NotFound):
        book(
            account_id=thief.user_id,
            patient_id=patient.pk,
            slot_id=slot.pk,
            request_key="not-mine",
            now=CLOCK,
            brought=bring(join(patient, queue, now=CLOCK)),
        )

    assert not Appointment.objects.exists()


def test_the_same_person_in_another_account_needs_what_was_given_there():
    (queue, slot), patient, elsewhere = open_queue(), make_patient(), make_patient()
    Patient.objects.filter(pk=elsewhere.pk).update(person=patient.person)
    token = join(patient, queue, now=CLOCK).token

    with pytest.raises(QueuePlaceWrong):
        _try(elsewhere, slot, token)


def test_a_place_that_is_over_is_none():
    (queue, slot), patient = open_queue(), make_patient()
    over = place_of(queue.pk, patient.pk, Standing(False, 1), CLOCK - timedelta(seconds=1))

    with pytest.raises(QueuePlaceWrong):
        _try(patient, slot, over.token)


def test_a_thousand_places_of_other_people_do_not_make_it_sooner():
    (queue, slot), patient = open_queue(people_a_minute=1), make_patient()
    others = [join(make_patient(), queue, now=CLOCK).token for _ in range(3)]
    own = join(patient, queue, now=CLOCK).token

    with pytest.raises(QueueNotYet) as refused:
        _try(patient, slot, "~".join([*others, own]))

    assert refused.value.facts["let_in_at"] == CLOCK + timedelta(minutes=3)
