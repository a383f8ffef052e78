"""Signing in on the web, as a browser sees it."""

import logging
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import codes, tokens
from accounts.models import KnownDevice, User
from deploy.cache import reached
from tests.factories import make_citizen, make_token

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "13812346621"
SIGN_IN = "/sign-in/"


def ask(browser, receiver=PHONE, **more):
    return browser.post(SIGN_IN, {"act": "send", "receiver": receiver, **more})


def code_on(page):
    return re.search(r"验证码是 (\d{6})", page.content.decode()).group(1)


def enter(browser, code, receiver=PHONE, **more):
    return browser.post(SIGN_IN, {"act": "enter", "receiver": receiver, "code": code, **more})


def signed_in(receiver=PHONE, **more):
    browser = Client()
    enter(browser, code_on(ask(browser, receiver, **more)), receiver, **more)
    return browser


def is_signed_in(browser):
    return "_auth_user_id" in browser.session and browser.get(SIGN_IN).status_code == 302


def words(page):
    return page.content.decode()


def test_a_phone_then_its_code_and_on_to_where_one_wanted_to_go():
    browser = Client()
    start = browser.get(f"{SIGN_IN}?next=/book/")
    assert 'autocomplete="tel"' in words(start)

    page = ask(browser, next="/book/")
    assert "138****6621" in words(page)
    assert 'autocomplete="one-time-code"' in words(page)
    done = enter(browser, code_on(page), next="/book/")

    assert (done.status_code, done["Location"]) == (302, "/book/")
    assert User.objects.get().phone == "+8613812346621"
    assert is_signed_in(browser)


def test_pages_about_somebody_are_kept_by_nobody():
    browser = Client()

    for page in (browser.get(SIGN_IN), ask(browser), signed_in("13812346622").get("/sign-out/")):
        assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_on_never_leads_to_another_site(wanted):
    browser = Client()

    done = enter(browser, code_on(ask(browser)), next=wanted)

    assert done["Location"] == reverse("home")


def test_the_first_page_costs_no_sql_and_sending_a_code_one_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        Client().get(SIGN_IN)
    with django_assert_num_queries(1):
        ask(Client())


@pytest.mark.parametrize("typed", ["", "12", "+1 900 555 0100", "+49 151 23456789"])
def test_a_number_that_gets_no_code_is_said_at_the_field(typed):
    page = ask(Client(), typed)

    assert 'id="errors"' in words(page)
    assert "<title>有错" in words(page)
    assert User.objects.count() == 0


def test_a_wrong_code_says_how_many_tries_are_left_and_after_two_whom_to_call():
    browser = Client()
    wrong = f"{(int(code_on(ask(browser))) + 1) % 10**6:06d}"

    first, second = enter(browser, wrong), enter(browser, wrong)

    assert "验证码不对，还可以再试 4 次。" in words(first)
    assert "收不到验证码" not in words(first)
    assert "验证码不对，还可以再试 3 次。" in words(second)
    assert "收不到验证码" in words(second)
    for _try in range(3):
        last = enter(browser, wrong)
    assert "验证码不对或已过期，请重新获取。" in words(last)


def test_an_english_page_counts_the_tries_in_english():
    browser = Client(headers={"Accept-Language": "en"})
    ask(browser)

    pages = [words(enter(browser, "x")) for _try in range(4)]

    assert "You can try 4 more times." in pages[0]
    assert "You can try once more." in pages[3]


def test_the_language_of_the_page_is_the_language_of_the_messages():
    browser = Client(headers={"Accept-Language": "en"})
    code = re.search(r"The code is (\d{6})", words(ask(browser))).group(1)

    enter(browser, code)

    assert User.objects.get().language == "en"


def test_a_second_code_within_a_minute_is_not_sent_and_the_first_still_works():
    browser = Client()
    code = code_on(ask(browser))

    again = ask(browser)

    assert re.search(r"请等 \d+ 秒再要一次", words(again))
    assert 'data-wait="' in words(again)
    assert enter(browser, code).status_code == 302


def test_a_code_works_only_in_the_browser_that_asked_for_it():
    hers, his = Client(), Client()
    code = code_on(ask(hers))

    assert "验证码不对或已过期" in words(enter(his, code))
    assert enter(hers, code).status_code == 302


def test_a_thousand_guesses_from_many_addresses_get_nowhere_and_the_owner_still_comes_in(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    owner = Client()
    code = code_on(ask(owner))

    for n in range(1000):
        address = f"10.0.{n // 250}.{n % 250 + 1}"
        stranger = Client(REMOTE_ADDR=address)
        if n % 2:
            stranger.cookies["device"] = f"{n:043d}"
            assert "验证码不对或已过期" in words(enter(stranger, f"{n:06d}"))
        else:
            body = {"phone": PHONE, "code": f"{n:06d}"}
            answer = stranger.post("/api/v1/auth/tokens", body, content_type="application/json")
            assert (answer.status_code, answer.json()["tries_left"]) == (401, 0)

    assert User.objects.count() == 0
    assert enter(owner, code).status_code == 302
    written = caplog.text + "".join(capfd.readouterr())
    assert PHONE not in written
    assert "12346621" not in written


def test_the_sessions_key_changes_and_it_lasts_thirty_days():
    browser = Client()
    browser.get("/oidc/start/")
    session = browser.session
    session["before"] = 1
    session.save()
    browser.cookies["sessionid"] = before = session.session_key

    done = enter(browser, code_on(ask(browser)))

    cookie = done.cookies["sessionid"]
    assert cookie.value != before
    assert not Session.objects.filter(pk=before).exists()
    assert int(cookie["max-age"]) == 30 * 86_400
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_neither_session_nor_cookies_hold_the_phone():
    browser = signed_in()

    kept = str(dict(browser.session)) + str(browser.cookies)
    assert "12346621" not in kept
    assert browser.cookies["device"]["httponly"]


def test_signing_out_ends_this_browsers_session_only():
    user = make_citizen(phone="+86" + PHONE)
    browser, token = signed_in(), make_token(user, timezone.now())
    stolen = browser.cookies["sessionid"].value

    page = browser.post("/sign-out/")

    assert "已退出" in words(page)
    assert not is_signed_in(browser)
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get(SIGN_IN).status_code == 200
    assert Client().get("/api/v1/patients", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_looking_at_the_sign_out_page_signs_nobody_out():
    browser = signed_in()

    assert "在所有设备上退出" in words(browser.get("/sign-out/"))
    assert is_signed_in(browser)
    assert Client().get("/sign-out/")["Location"] == "/"


def test_signing_out_everywhere_ends_every_session_and_every_token():
    here = signed_in()
    user = User.objects.get()
    cache.clear()
    there, token = signed_in(), make_token(user, timezone.now())
    stranger = signed_in("13812346622")
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/patients", headers=headers).status_code == 200

    page = here.post("/sign-out/", {"everywhere": "1"})

    assert "您在所有设备上的登录都已失效。" in words(page)
    assert not is_signed_in(here)
    assert not is_signed_in(there)
    assert Client().get("/api/v1/patients", headers=headers).status_code == 401
    assert is_signed_in(stranger)
    user.refresh_from_db()
    fresh = {"Authorization": f"Bearer {make_token(user, timezone.now())}"}
    assert Client().get("/api/v1/patients", headers=fresh).status_code == 200


def test_a_form_from_another_site_signs_nobody_in():
    browser = Client(enforce_csrf_checks=True)

    assert ask(browser).status_code == 403


def test_administrators_do_not_come_in_by_phone():
    make_citizen(phone="+86" + PHONE, is_staff=True, is_superuser=True)
    browser = Client()

    page = enter(browser, code_on(ask(browser)))

    assert page.status_code == 403
    assert "要用密码登录" in words(page)
    assert "_auth_user_id" not in browser.session


def test_somebody_who_becomes_an_administrator_loses_the_session_that_a_phone_gave():
    browser = signed_in()
    User.objects.update(is_staff=True)

    assert browser.get("/admin/").status_code == 302
    assert browser.get(SIGN_IN).status_code == 200


def test_an_account_that_is_closed_is_signed_out():
    browser = signed_in()
    User.objects.update(is_active=False)

    assert browser.get(SIGN_IN).status_code == 200


def test_people_without_a_phone_come_in_by_email():
    browser = Client()
    assert "用邮箱登录" in words(browser.get(SIGN_IN))
    assert 'autocomplete="email"' in words(browser.get(f"{SIGN_IN}?by=email"))

    page = ask(browser, "Anna@Example.org ", by="email")
    assert "a***@example.org" in words(page)
    enter(browser, code_on(page), "anna@example.org", by="email")

    assert User.objects.get().email == "anna@example.org"
    assert is_signed_in(browser)


def test_without_a_mail_server_there_is_no_way_in_by_email(gateway):
    browser = Client()

    assert "用邮箱登录" not in words(browser.get(SIGN_IN))
    assert 'autocomplete="tel"' in words(browser.get(f"{SIGN_IN}?by=email"))


def test_outside_a_demonstration_the_page_does_not_show_the_code(gateway):
    browser = Client()

    page = ask(browser)

    code = gateway.posted[0].json["facts"]["code"]
    assert code not in words(page)
    assert enter(browser, code).status_code == 302


def test_known_and_unknown_phones_get_the_same_page(gateway):
    make_citizen(phone="+86" + PHONE)

    pages = [words(ask(Client(), phone)) for phone in (PHONE, "13812346622")]

    known, unknown = (
        re.sub(r'csrfmiddlewaretoken" value="\w+', "", page).replace("6621", "").replace("6622", "") for page in pages
    )
    assert known == unknown


def test_a_gateway_that_does_not_answer_is_said_and_one_may_try_again_at_once(gateway):
    gateway.status = 500
    browser = Client()

    page = ask(browser)

    assert "验证码没有发出去" in words(page)
    gateway.status = 200
    assert "已发到" in words(ask(browser))


def test_without_the_cache_no_code_is_sent_and_the_page_says_so():
    reached().breaker._open_until = float("inf")
    try:
        page = ask(Client())
    finally:
        reached().breaker.worked()

    assert "现在不能发验证码" in words(page)


def test_a_browser_is_known_again_by_its_cookie():
    browser = signed_in()
    browser.post("/sign-out/")
    cache.clear()

    enter(browser, code_on(ask(browser)))

    assert KnownDevice.objects.count() == 1


def test_a_cookie_that_we_did_not_make_is_replaced():
    browser = Client()
    browser.cookies["device"] = "mine"

    ask(browser)

    assert len(browser.cookies["device"].value) == 43


def test_a_token_of_an_earlier_epoch_is_dead_for_the_booking_call_without_sql(now, django_assert_num_queries):
    user = make_citizen()
    claims = tokens.read(tokens.issue(user.pk, now)[0], now)
    tokens.is_revoked(claims)
    tokens.end_before(user.pk, 1)

    with django_assert_num_queries(0):
        keys = tokens.revocation_keys(claims)
        client = cache._cache.get_client()
        assert tokens.is_revoked_by(client.mget(keys), claims)
        later = tokens.read(tokens.issue(user.pk, now, epoch=1)[0], now)
        assert not tokens.is_revoked_by(client.mget(tokens.revocation_keys(later)), later)


def test_a_code_runs_out_after_five_minutes_by_redis_own_clock():
    ask(Client())

    client = cache._cache.get_client()
    [key] = client.keys("*code:hash:*")
    assert 0 < client.ttl(key) <= codes.LIVES_SECONDS == 300


def test_an_hour_later_one_is_still_signed_in_and_a_month_later_not():
    with time_machine.travel("2026-11-24T10:00:00+08:00") as clock:
        browser = signed_in()
        cache.clear()
        clock.shift(29 * 86_400)
        assert is_signed_in(browser)
        cache.clear()
        clock.shift(2 * 86_400)
        assert browser.get(SIGN_IN).status_code == 200
