"""Whoever signed in from the city app is told there: signed, without numbers, at least once with one key."""

import time

import pytest

from accounts.channels import signing
from accounts.identity.vouched import Vouched
from accounts.models import LinkedIdentity
from accounts.sign_in import user_vouched_for
from booking.models import Message, MessageState
from booking.operations.send_messages import send_messages
from tests.factories import make_patient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def citizen(settings, now, app):
    vouched = Vouched(settings.TICKETS["issuer"], "app-user-17", "+8613812346621")
    return user_vouched_for(vouched, device=None, language="zh-hans", now=now)


def test_the_app_is_told_what_the_text_message_says_and_no_number(tomorrow, citizen, gateway, app, now):
    row = tomorrow.books(make_patient(citizen))

    assert send_messages(now=now) == 1

    [told] = app.posted
    assert told.json["account"] == "app-user-17"
    assert (told.json["key"], told.json["kind"], told.json["title"]) == (
        f"BOOKED:{row.reference}",
        "booked",
        "预约成功",
    )
    assert told.json["text"] == gateway.posted[0].json["text"]
    assert told.json["facts"]["reference"] == row.reference
    for secret in ("12346621", row.patient.document_number):
        assert secret not in told.body.decode()


def test_it_is_signed_over_the_time_and_the_body(tomorrow, citizen, gateway, app, now):
    tomorrow.books(make_patient(citizen))
    send_messages(now=now)

    [told] = app.posted
    timestamp, said = told.headers[signing.TIMESTAMP], told.headers[signing.SIGNATURE]

    assert signing.is_genuine("shared", timestamp, said, told.body, now=now)
    assert not signing.is_genuine("other", timestamp, said, told.body, now=now)
    assert not signing.is_genuine("shared", timestamp, said, told.body + b" ", now=now)
    assert not signing.is_genuine("shared", str(int(timestamp) + 1), said, told.body, now=now)
    assert not signing.is_genuine("shared", timestamp, said, told.body, now=now.replace(hour=11))
    assert not signing.is_genuine("", timestamp, signing.signature("", timestamp, told.body), told.body, now=now)


def test_instead_of_a_text_message_where_the_city_says_so(tomorrow, citizen, gateway, app, settings, now):
    settings.CITY_APP = {**settings.CITY_APP, "messages": "instead"}
    tomorrow.books(make_patient(citizen))

    assert send_messages(now=now) == 1
    assert (len(app.posted), gateway.posted) == (1, [])


def test_others_are_told_by_text_message_only(tomorrow, gateway, app, now):
    tomorrow.books()

    assert send_messages(now=now) == 1
    assert (app.posted, len(gateway.posted)) == ([], 1)


def test_what_one_channel_has_taken_is_not_sent_by_it_again(tomorrow, citizen, gateway, app, now):
    tomorrow.books(make_patient(citizen))
    app.status = 500
    assert send_messages(now=now) == 0
    assert (Message.objects.get().state, Message.objects.get().told_by) == (MessageState.FAILING, "sms")

    app.status = 200
    assert send_messages(now=Message.objects.get().due_at) == 1

    assert len(gateway.posted) == 1
    assert len({posted.headers["Idempotency-Key"] for posted in app.posted}) == 1
    assert Message.objects.get().told_by == "sms city_app"


def test_a_redirect_is_not_followed(tomorrow, citizen, gateway, app, now):
    app.status, app.headers = 307, {"Location": gateway.url}
    tomorrow.books(make_patient(citizen))

    assert send_messages(now=now) == 0
    assert len(gateway.posted) == 1


def test_the_apps_own_name_is_kept_encrypted_and_only_if_the_app_is_told(settings, now, app):
    settings.CITY_APP = {**settings.CITY_APP, "url": ""}
    vouched = Vouched(settings.TICKETS["issuer"], "app-user-18", "+8613812346622")
    user_vouched_for(vouched, device=None, language="en", now=now)
    assert LinkedIdentity.objects.get().app_subject is None

    settings.CITY_APP = {**settings.CITY_APP, "url": app.url}
    user_vouched_for(vouched, device=None, language="en", now=now)
    assert LinkedIdentity.objects.get().app_subject == "app-user-18"


def test_another_providers_name_is_not_kept(settings, now, app):
    user_vouched_for(Vouched("https://id.example", "somebody", "+8613812346623"), device=None, language="en", now=now)

    assert LinkedIdentity.objects.get().app_subject is None


def test_an_answer_that_drips_in_is_given_up(tomorrow, citizen, gateway, app, now, monkeypatch):
    from accounts.channels import posting

    monkeypatch.setattr(posting, "_WHOLE_SECONDS", -1)
    tomorrow.books(make_patient(citizen))
    began = time.monotonic()

    assert send_messages(now=now) == 0
    assert time.monotonic() - began < 20
