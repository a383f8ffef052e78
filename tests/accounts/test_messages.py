"""What is told about an appointment goes to the account, in its language, by the way that it has."""

import pytest
from django.core import mail

from booking.models import Message
from booking.operations.book import book
from booking.operations.send_messages import send_messages
from tests.factories import make_citizen, make_patient, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def booked_by(user, now):
    patient = make_patient(user)
    slot = make_slot()
    return book(account_id=user.pk, patient_id=patient.pk, slot_id=slot.pk, request_key="key-0001", now=now)


def test_an_english_account_is_told_in_english(now, gateway):
    booked = booked_by(make_citizen(phone="+8613812346621", language="en"), now)

    send_messages(now=now)

    [posted] = gateway.posted
    assert posted.json["text"].startswith("Changsha Vaccines: booked for 王*兰: Influenza, 27 Nov")
    assert (posted.json["to"], posted.json["kind"], posted.json["language"]) == ("+8613812346621", "booked", "en")
    assert posted.json["facts"]["reference"] == booked.reference
    assert posted.json["facts"]["starts_at"].startswith("2026-11-27 ")


def test_a_chinese_account_is_told_in_chinese(now, gateway):
    booked_by(make_citizen(), now)

    send_messages(now=now)

    assert gateway.posted[0].json["text"].startswith("【长沙疫苗】预约成功：王*兰 流感")


def test_an_account_with_an_email_address_only_gets_an_email(now, gateway, settings):
    settings.EMAIL_HOST = "mail.example"
    booked_by(make_citizen(phone=None, email="anna@example.org", language="en"), now)

    send_messages(now=now)

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["anna@example.org"], "You are booked")
    assert gateway.posted == []


def test_a_gateway_that_is_down_gets_the_same_message_again_later(now, gateway, caplog):
    gateway.status = 503
    booked_by(make_citizen(phone="+8613812346621"), now)
    assert send_messages(now=now) == 0

    gateway.status = 200
    later = Message.objects.get().due_at
    assert later > now
    assert send_messages(now=later) == 1

    assert len({posted.headers["Idempotency-Key"] for posted in gateway.posted}) == 1
    assert "12346621" not in caplog.text
