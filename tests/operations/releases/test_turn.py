"""Nobody takes a place out of turn, by whichever way they ask for it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from booking.models import Appointment, Invitation, InvitationList, InvitationSource, ReleaseMode, Status
from booking.operations.book import book
from booking.operations.book_together import book_together
from booking.operations.cancel import cancel
from booking.operations.hold import hold
from booking.operations.hold_together import hold_together
from booking.operations.refusals import AlreadyBooked, NotYourTurn
from tests.factories import (
    CLOCK,
    make_administrator,
    make_appointment,
    make_patient,
    make_programme,
    make_slot,
    make_two_dose_programme,
)

pytestmark = pytest.mark.django_db


def _slot(mode):
    return make_slot(programme=make_programme(release_mode=mode))


def _invite(slot, person, *, expires_in=timedelta(days=1), sent_at=CLOCK):
    made = InvitationList.objects.create(
        programme=slot.programme,
        name="名单",
        source=InvitationSource.IMPORTED,
        expires_at=CLOCK + expires_in,
        made_by=make_administrator(),
        made_at=CLOCK,
        sent_at=sent_at,
    )
    return Invitation.objects.create(list=made, person=person)


def _ways(patient, slot):
    one = {"account_id": patient.user_id, "now": CLOCK}
    wish = [(patient.pk, slot.pk)]
    return {
        "hold": lambda: hold(patient_id=patient.pk, slot_id=slot.pk, **one),
        "book": lambda: book(patient_id=patient.pk, slot_id=slot.pk, request_key=uuid4().hex, **one),
        "hold together": lambda: hold_together(wishes=wish, **one),
        "book together": lambda: book_together(wishes=wish, request_key=uuid4().hex, **one),
    }


@pytest.mark.parametrize("way", ["hold", "book", "hold together", "book together"])
@pytest.mark.parametrize(
    ("mode", "reason"),
    [(ReleaseMode.COHORT, "no_cohort"), (ReleaseMode.INVITATION, "not_invited"), (ReleaseMode.DRAW, "by_draw")],
)
def test_whoever_is_not_in_turn_gets_no_place(way, mode, reason):
    patient, slot = make_patient(), _slot(mode)

    with pytest.raises(NotYourTurn) as refused:
        _ways(patient, slot)[way]()

    assert refused.value.facts["reason"] == reason
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("way", ["hold", "book", "hold together", "book together"])
def test_whoever_is_invited_gets_one(way):
    patient, slot = make_patient(), _slot(ReleaseMode.INVITATION)
    _invite(slot, patient.person)

    _ways(patient, slot)[way]()


@pytest.mark.parametrize("lacks", [{"expires_in": timedelta(0)}, {"sent_at": None}, {"sent_at": CLOCK + timedelta(1)}])
def test_an_invitation_counts_from_its_sending_until_its_deadline(lacks):
    patient, slot = make_patient(), _slot(ReleaseMode.INVITATION)
    _invite(slot, patient.person, **lacks)

    with pytest.raises(NotYourTurn):
        _ways(patient, slot)["book"]()


def test_an_invitation_is_the_persons_whichever_account_books():
    patient, slot = make_patient(), _slot(ReleaseMode.INVITATION)
    _invite(slot, patient.person)
    somebody_else = make_patient()

    with pytest.raises(NotYourTurn):
        _ways(somebody_else, slot)["book"]()
    # Her son has her in his account too.
    in_his_list = make_patient(person=patient.person)
    _ways(in_his_list, slot)["book"]()

    with pytest.raises((AlreadyBooked, NotYourTurn)):
        _ways(patient, slot)["book"]()


def test_whoever_cancels_may_use_the_invitation_again():
    patient, slot = make_patient(), _slot(ReleaseMode.INVITATION)
    _invite(slot, patient.person)
    booked = _ways(patient, slot)["book"]()
    cancel(account_id=patient.user_id, reference=booked.reference, now=CLOCK)

    again = _ways(patient, slot)["book"]()

    assert again.reference != booked.reference


def test_a_held_place_is_booked_though_the_invitation_is_over_meanwhile():
    patient, slot = make_patient(), _slot(ReleaseMode.INVITATION)
    invitation = _invite(slot, patient.person)
    held = _ways(patient, slot)["hold"]()
    InvitationList.objects.filter(pk=invitation.list_id).update(withdrawn_at=CLOCK)

    booked = book(
        account_id=patient.user_id,
        patient_id=patient.pk,
        slot_id=slot.pk,
        request_key="confirm-it",
        hold_claim=held.claim,
        now=CLOCK,
    )

    assert booked.status == "BOOKED"


@pytest.mark.parametrize("mode", [ReleaseMode.COHORT, ReleaseMode.INVITATION, ReleaseMode.DRAW])
@pytest.mark.parametrize("way", ["hold", "book", "hold together", "book together"])
def test_whoever_has_begun_a_series_may_finish_it(mode, way):
    patient, programme = make_patient(), make_two_dose_programme(release_mode=mode)
    first = make_appointment(make_slot(programme=programme, starts_at=CLOCK - timedelta(days=40)))
    Appointment.objects.filter(pk=first.pk).update(
        patient=patient, person=patient.person, booked_by=patient.user, status=Status.FULFILLED
    )

    _ways(patient, make_slot(programme=programme))[way]()
