"""Only a person locks; the locked one reads, cancels, and appeals."""

import uuid
from datetime import timedelta

import pytest

from booking.models import Message, MessageKind, Suspicion, SuspicionState
from booking.notifications import words
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.refusals import NotFound
from booking.operations.touts.appeal import appeal
from booking.operations.touts.judge import answer_appeal, dismiss, lock, restore
from booking.operations.touts.locked import refuse_if_locked
from booking.operations.touts.refusals import AlreadyDecided, AppealMissing, BookingLocked
from booking.queries.touts import latest_lock
from booking.rules import bulk
from tests.factories import CLOCK, make_administrator, make_patient, make_slot

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def patient():
    return make_patient()


@pytest.fixture
def by():
    return make_administrator().pk


@pytest.fixture
def suspicion(patient):
    return Suspicion.objects.create(
        account=patient.user, sign=bulk.PEOPLE, evidence={"people": 20, "appointments": 30}, raised_at=CLOCK
    )


def _book(patient, slot=None):
    slot = slot or make_slot()
    fields = {"account_id": patient.user_id, "patient_id": patient.pk, "slot_id": slot.pk, "now": CLOCK}
    return book(request_key=uuid.uuid4().hex, **fields)


def test_being_noticed_changes_nothing(patient, suspicion):
    refuse_if_locked(patient.user_id)

    assert _book(patient).status == "BOOKED"


def test_a_locked_account_takes_no_place_and_cancels_what_it_has(patient, suspicion, by):
    before = _book(patient)
    lock(suspicion_id=suspicion.pk, by=by, reason="一天约了二十人", now=CLOCK)

    with pytest.raises(BookingLocked):
        refuse_if_locked(patient.user_id)
    assert cancel(account_id=patient.user_id, reference=before.reference, now=CLOCK).status == "CANCELLED"


def test_whoever_is_locked_is_told_how_to_appeal(patient, suspicion, by):
    lock(suspicion_id=suspicion.pk, by=by, reason="一天约了二十人", now=CLOCK)

    message = Message.objects.get(kind=MessageKind.LOCKED)
    assert message.told == patient.user
    assert "申诉" in words(message)


def test_an_appeal_is_answered_by_a_person_and_may_be_written_again_after_a_no(patient, suspicion, by):
    account = patient.user_id
    lock(suspicion_id=suspicion.pk, by=by, reason="一天约了二十人", now=CLOCK)
    appeal(account_id=account, text="我是社区志愿者", now=CLOCK)
    with pytest.raises(AlreadyDecided):
        appeal(account_id=account, text="再写一次看看", now=CLOCK)

    answer_appeal(suspicion_id=suspicion.pk, by=by, restore=False, answer="请让社区来电话", now=CLOCK)
    assert latest_lock(account).may_appeal
    appeal(account_id=account, text="社区已经打过电话", now=CLOCK)
    later = CLOCK + timedelta(minutes=5)
    answer_appeal(suspicion_id=suspicion.pk, by=by, restore=True, answer="已核实", now=later)

    refuse_if_locked(account)
    facts = latest_lock(account)
    assert (facts.is_over, facts.answer, facts.may_appeal) == (True, "已核实", False)
    assert _book(patient).status == "BOOKED"


@pytest.mark.parametrize("text", ["", "   ", "不 "])
def test_an_appeal_has_words(patient, suspicion, by, text):
    lock(suspicion_id=suspicion.pk, by=by, reason="一天约了二十人", now=CLOCK)

    with pytest.raises(AppealMissing):
        appeal(account_id=patient.user_id, text=text, now=CLOCK)


def test_nobody_appeals_who_is_not_locked(patient, suspicion):
    with pytest.raises(NotFound):
        appeal(account_id=patient.user_id, text="我没有被停用", now=CLOCK)


def test_it_is_judged_once(suspicion, by):
    dismiss(suspicion_id=suspicion.pk, by=by, reason="没有问题", now=CLOCK)

    for act in (dismiss, lock, restore):
        with pytest.raises(AlreadyDecided):
            act(suspicion_id=suspicion.pk, by=by, reason="再来一次", now=CLOCK)
    suspicion.refresh_from_db()
    assert suspicion.state == SuspicionState.DISMISSED


def test_a_lock_that_was_a_mistake_is_taken_back(patient, suspicion, by):
    lock(suspicion_id=suspicion.pk, by=by, reason="一天约了二十人", now=CLOCK)
    restore(suspicion_id=suspicion.pk, by=by, reason="弄错了人", now=CLOCK)

    refuse_if_locked(patient.user_id)
    assert Message.objects.filter(kind=MessageKind.APPEAL_ANSWERED).count() == 1
