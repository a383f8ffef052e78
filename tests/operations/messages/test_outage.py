"""A gateway that is down, slow, or says nonsense: nothing is lost, one alert begins and ends by itself."""

import threading
import time
from datetime import timedelta

import pytest

from booking.models import Alert, Message, MessageState
from booking.operations.messages import breaker, decide, deliver
from booking.operations.send_messages import send_messages
from tests.factories import make_citizen, make_patient

pytestmark = pytest.mark.django_db(transaction=True)


def tell(now, count=1):
    patients = [make_patient(make_citizen()) for _ in range(count)]
    Message.objects.bulk_create(
        Message(
            key=f"HANDED_OVER:{patient.pk.hex}", kind="HANDED_OVER", account=patient.user, patient=patient,
            created_at=now, due_at=now,
        )
        for patient in patients
    )  # fmt: skip


def test_a_gateway_that_is_down_is_not_asked_for_every_message(now, gateway):
    tell(now, count=60)
    gateway.status = 503

    assert send_messages(now=now) == 0

    assert len(gateway.posted) < 25
    assert Message.objects.filter(failing_since=now).count() == 60
    assert {message.state for message in Message.objects.all()} == {MessageState.FAILING}


def test_when_it_comes_back_one_goes_ahead_and_the_rest_follow_at_once(now, gateway, monkeypatch):
    monkeypatch.setattr(breaker, "_FIRST_PAUSE", 0.0)
    breaker.forget()
    tell(now, count=30)
    gateway.status = 503
    send_messages(now=now)
    gateway.status = 200
    gateway.posted.clear()

    later = now + timedelta(minutes=1)
    send_messages(now=later)
    send_messages(now=later)

    assert len({posted.json["key"] for posted in gateway.posted}) == len(gateway.posted) == 30
    assert Message.objects.filter(sent_at=None).count() == 0


@pytest.mark.parametrize(
    ("answer", "channel"),
    [(b"<html>", "aliyun"), (b"[]", "aliyun"), (b'{"Code": 5}', "aliyun"), (b"x" * 99999, "http")],
)
def test_nonsense_counts_as_not_sent(now, gateway, settings, answer, channel):
    settings.SMS_CHANNEL = channel
    settings.SMS = {**settings.SMS, "templates": {"handed_over": "T1"}, "key_id": "k", "secret": "s", "sign": "s"}
    gateway.answer = answer
    tell(now)

    assert send_messages(now=now) == 0
    assert Message.objects.get().state == MessageState.FAILING


def test_one_slow_message_does_not_hold_up_the_others(now, gateway, monkeypatch):
    monkeypatch.setattr(deliver, "_SECONDS", 6.0)
    release, send, first = threading.Event(), deliver.Way.go, []

    def go(way, now):
        first.append(way)
        if len(first) == 1:
            release.wait(60)
        send(way, now)

    monkeypatch.setattr(deliver.Way, "go", go)
    tell(now, count=20)
    began = time.monotonic()

    sent = send_messages(now=now)

    release.set()
    assert sent == 19
    assert time.monotonic() - began < 45
    assert Message.objects.get(sent_at=None).state == MessageState.FAILING


def test_one_that_cannot_be_put_into_words_does_not_hold_up_the_others(now, gateway, monkeypatch):
    logged = []
    monkeypatch.setattr(decide.log, "exception", lambda text, *facts: logged.append(text % facts))
    tell(now, count=3)
    broken = Message.objects.first()
    broken.kind = "PLACE_OFFERED"
    broken.save()

    assert send_messages(now=now) == 2
    broken.refresh_from_db()
    assert broken.state == MessageState.FAILING
    assert logged == ["A message of the kind PLACE_OFFERED could not be written."]


def test_an_alert_begins_after_ten_minutes_and_ends_by_itself(now, gateway, monkeypatch):
    monkeypatch.setattr(breaker, "_FIRST_PAUSE", 0.0)
    breaker.forget()
    tell(now, count=12)
    gateway.status = 503
    send_messages(now=now)
    send_messages(now=now + timedelta(minutes=9))
    assert Alert.objects.count() == 0

    for minute in (11, 12):
        send_messages(now=now + timedelta(minutes=minute))
    alert = Alert.objects.get()
    assert (alert.kind, alert.ended_at, alert.facts["waiting"]) == ("messages_not_sent", None, 12)

    gateway.status = 200
    for minute in (60, 61):
        send_messages(now=now + timedelta(minutes=minute))
    alert.refresh_from_db()
    assert alert.ended_at is not None
    assert Message.objects.filter(sent_at=None).count() == 0


def test_one_number_that_is_never_taken_is_no_alert_while_others_get_through(now, gateway, monkeypatch):
    tell(now)
    gateway.status = 400
    send_messages(now=now)
    gateway.status = 200
    Message.objects.update(due_at=now + timedelta(hours=1))
    tell(now + timedelta(minutes=10))

    assert send_messages(now=now + timedelta(minutes=10)) == 1
    assert Alert.objects.count() == 0


def test_four_workers_send_each_message_once(now, gateway):
    tell(now, count=80)

    def work():
        from django.db import connection

        send_messages(now=now, batch=10)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    keys = [posted.json["key"] for posted in gateway.posted]
    assert len(keys) == len(set(keys)) == 80


def test_without_a_claim_two_workers_send_a_message_twice(now, gateway, monkeypatch):
    """The twin: what the claim is for."""
    from booking.operations import send_messages as module

    tell(now, count=5)
    both = threading.Barrier(2)

    def unclaimed(now, batch):
        found = list(Message.objects.filter(sent_at=None).values_list("pk", flat=True))
        both.wait(10)
        return found

    monkeypatch.setattr(module, "_claim", unclaimed)

    def work():
        from django.db import connection

        send_messages(now=now, most=1)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(gateway.posted) == 10
