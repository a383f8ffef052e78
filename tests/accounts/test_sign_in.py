"""Who comes in with a code, and what is told to whom."""

import logging

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from accounts import codes, phones
from accounts.channels import NotSent
from accounts.masking import masked_email
from accounts.models import KnownDevice, User
from accounts.sign_in import MayNotEnter, account_of, send_code, tell_of_new_device, user_by_code
from tests.factories import make_citizen
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, OTHER = "+8613812346621", "+8613812346622"
HERS, HIS = "web:her-browser", "web:his-browser"


def ask(receiver=PHONE, *, device=HERS, address="127.0.0.1", language="zh-hans"):
    return send_code(receiver, device=device, address=address, language=language)


def come_in(receiver=PHONE, *, now, device=HERS, language="zh-hans"):
    """As the owner does: ask for a code, read it, enter it."""
    code = ask(receiver, device=device, language=language)
    return user_by_code(receiver, code, device=device, language=language, now=now)


def test_a_new_phone_gets_an_account_and_the_same_one_next_time(now):
    first = come_in(now=now)

    again = account_of(PHONE)

    assert (again.pk, again.phone, User.objects.count()) == (first.pk, PHONE, 1)
    assert not first.has_usable_password()


def test_two_at_the_same_moment_with_a_new_phone_make_one_account():
    found = all_at_once([lambda: account_of(PHONE)] * 8, threads=8)

    assert len({user.pk for user in found}) == User.objects.count() == 1


def test_an_email_address_gets_an_account_that_holds_it_encrypted(now, settings):
    settings.EMAIL_HOST = "mail.example"

    user = come_in("anna@example.org", now=now, language="en")

    assert (User.objects.get().email, user.phone, user.language) == ("anna@example.org", None, "en")
    assert mail.outbox[0].subject == "Your sign-in code"
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(u)::text FROM accounts_user u")
        assert "example.org" not in cursor.fetchone()[0]


def test_the_code_goes_through_the_gateway_in_the_language_of_the_page(gateway):
    assert ask(language="en") is None

    [posted] = gateway.posted
    assert posted.json["to"] == PHONE
    assert posted.json["text"].startswith(f"Changsha Vaccines: your code is {posted.json['facts']['code']}.")


def test_known_and_unknown_phones_cause_the_same_work(gateway):
    make_citizen(phone=PHONE)

    work = []
    for phone in (PHONE, OTHER):
        with CaptureQueriesContext(connection) as queries:
            ask(phone)
            with pytest.raises(codes.CodeWrong) as refused:
                user_by_code(phone, "x", device=HERS, language="zh-hans", now=None)
        shapes = [query["sql"].split("WHERE")[0] for query in queries.captured_queries]
        work.append((shapes, refused.value.tries_left, len(gateway.posted)))

    assert work[0][:2] == work[1][:2]
    assert (work[0][2], work[1][2]) == (1, 2)
    assert len(work[0][0]) == 1


def test_a_code_that_cannot_be_delivered_is_worth_nothing_and_another_may_be_asked_for(gateway, caplog):
    caplog.set_level(logging.DEBUG)
    gateway.status = 500
    with pytest.raises(NotSent):
        ask()
    lost = gateway.posted[0].json["facts"]["code"]

    with pytest.raises(codes.CodeWrong):
        codes.check(PHONE, lost, device=HERS)
    gateway.status = 200
    ask()

    assert len(gateway.posted) == 2
    assert "13812346621" not in caplog.text


@pytest.mark.parametrize(
    "phone", ["+1 900 555 0100", "+1 876 555 0123", "+49 151 23456789", "+252 61 5123456", "+881 6 1234 5678"]
)
def test_numbers_of_countries_that_are_not_served_are_refused(phone):
    with pytest.raises(phones.BadPhone):
        phones.normal_for_codes(phone)


@pytest.mark.parametrize("phone", ["13812346621", "+852 9123 4567", "+853 6612 3456", "+886 912 345 678"])
def test_numbers_of_the_mainland_hong_kong_macao_and_taiwan_are_served(phone):
    assert phones.normal_for_codes(phone).startswith(("+86", "+85", "+886"))


def test_a_city_may_serve_another_country():
    with override_settings(SMS_COUNTRIES=frozenset({"DE"})):
        assert phones.normal_for_codes("+49 151 23456789") == "+4915123456789"
        with pytest.raises(phones.NotServed):
            phones.normal_for_codes("13812346621")


def test_closed_accounts_and_administrators_do_not_come_in_by_code(now):
    make_citizen(phone=PHONE, is_active=False)
    make_citizen(phone=OTHER, is_staff=True)

    for phone in (PHONE, OTHER):
        with pytest.raises(MayNotEnter):
            come_in(phone, now=now)
    assert User.objects.count() == 2


def test_a_new_device_is_told_to_the_account_and_the_first_and_the_known_ones_are_not(now, gateway):
    user = account_of(PHONE)
    for device in (HERS, HIS, HIS):
        code = codes.send(PHONE, device=device, address="127.0.0.1", is_known=KnownDevice.objects.exists())
        user_by_code(PHONE, code, device=device, language="en", now=now)
        codes.take_back(PHONE, device=device)

    assert OrmQ.objects.count() == 1
    job = OrmQ.objects.get().task
    assert (job["func"], job["args"][0]) == ("accounts.sign_in.tell_of_new_device", user.pk)
    tell_of_new_device(*job["args"])
    assert "used on a new device, 11-24 10:00" in gateway.posted[0].json["text"]
    assert gateway.posted[0].json["to"] == PHONE


def test_an_app_that_does_not_say_which_device_it_is_counts_as_new(now):
    come_in(now=now)
    code = codes.send(PHONE, device="address:10.0.0.1", address="10.0.0.1", is_known=True)

    user_by_code(PHONE, code, device="address:10.0.0.1", language="zh-hans", now=now)

    assert OrmQ.objects.count() == 1
    assert KnownDevice.objects.count() == 1


def test_devices_are_kept_as_keyed_hashes(now):
    come_in(now=now)

    assert "her-browser" not in str(KnownDevice.objects.values())


def test_an_email_is_masked():
    assert masked_email("anna.schmidt@example.org") == "a***@example.org"


def test_an_administrator_is_still_made_with_a_readable_address_that_is_kept_encrypted():
    call_command("createsuperuser", interactive=False, username="ada", email="Ada@Example.org", verbosity=0)

    assert User.objects.reached_at("ada@example.org").get().username == "ada"
