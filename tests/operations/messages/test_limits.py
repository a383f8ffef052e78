"""What is too much for a day waits until the next, what can wait does not wake anybody, and its row says why."""

from datetime import timedelta

import pytest

from booking.models import Message, MessageState
from booking.operations.send_messages import send_messages
from booking.rules.messages import HANDLING
from tests.factories import make_citizen, make_patient

pytestmark = pytest.mark.django_db(transaction=True)


def tell(patient, kind, now, count=1):
    rows = [
        Message(
            key=f"{kind}:{patient.pk.hex[:8]}:{n}", kind=kind, account=patient.user, patient=patient, created_at=now,
            due_at=now,
        )
        for n in range(count)
    ]  # fmt: skip
    return Message.objects.bulk_create(rows)


@pytest.fixture(autouse=True)
def news(monkeypatch):
    """Two kinds that need nothing but a patient: one that is limited and can wait, one that is neither."""
    monkeypatch.setitem(HANDLING, "TAKEN_OVER", HANDLING["NOT_DRAWN"])


@pytest.fixture
def patient():
    return make_patient(make_citizen())


def states(kind):
    return sorted(message.state.value for message in Message.objects.filter(kind=kind))


def test_the_thirteenth_message_of_a_day_waits_until_tomorrow(patient, now, gateway, settings):
    settings.MESSAGES_A_DAY = 12
    tell(patient, "TAKEN_OVER", now, count=14)

    assert send_messages(now=now) == 12
    assert states("TAKEN_OVER") == ["SENT"] * 12 + ["person"] * 2

    assert send_messages(now=(now + timedelta(days=1)).replace(hour=8, minute=1)) == 2
    assert len(gateway.posted) == 14


def test_what_concerns_the_account_is_neither_held_back_nor_counted(patient, now, gateway, settings):
    settings.MESSAGES_A_DAY = 2
    tell(patient, "HANDED_OVER", now, count=5)
    tell(patient, "TAKEN_OVER", now, count=2)

    assert send_messages(now=now) == 7


def test_two_workers_worth_of_batches_count_together(patient, now, gateway, settings):
    settings.MESSAGES_A_DAY = 3
    tell(patient, "TAKEN_OVER", now, count=8)

    assert send_messages(now=now, batch=2) == 3


def test_a_message_that_failed_does_not_use_up_the_day(patient, now, gateway, settings):
    settings.MESSAGES_A_DAY = 1
    tell(patient, "TAKEN_OVER", now)
    gateway.status = 503
    assert send_messages(now=now) == 0

    gateway.status = 200
    assert send_messages(now=now + timedelta(minutes=5)) == 1


def test_the_citys_day_is_kept_for_what_is_more_important(now, gateway, settings):
    settings.SMS_A_DAY = 3
    one, other = make_patient(make_citizen()), make_patient(make_citizen())
    tell(one, "TAKEN_OVER", now, count=2)
    tell(other, "HANDED_OVER", now, count=2)

    assert send_messages(now=now) == 3
    assert (states("HANDED_OVER"), states("TAKEN_OVER")) == (["SENT"] * 2, ["SENT", "city"])


def test_what_can_wait_waits_for_the_morning(patient, now, gateway):
    late = now.replace(hour=21, minute=30)
    tell(patient, "TAKEN_OVER", late)
    tell(patient, "HANDED_OVER", late)

    assert send_messages(now=late) == 1
    [waiting] = Message.objects.filter(sent_at=None)
    assert waiting.state == MessageState.HELD_NIGHT
    assert waiting.due_at.astimezone(now.tzinfo).strftime("%d %H:%M") == "25 08:00"
    assert send_messages(now=(now + timedelta(days=1)).replace(hour=8, minute=1)) == 1


def test_what_nobody_can_be_told_is_put_aside_and_says_so(now, gateway):
    nowhere = make_patient(make_citizen(phone=None))
    tell(nowhere, "HANDED_OVER", now)

    assert send_messages(now=now) == 0
    assert states("HANDED_OVER") == ["unreachable"]
    assert send_messages(now=now + timedelta(days=2)) == 0


def test_what_is_too_old_is_not_sent_any_more(patient, now, gateway):
    tell(patient, "HANDED_OVER", now)

    assert send_messages(now=now + timedelta(days=15)) == 0
    assert states("HANDED_OVER") == ["over"]
