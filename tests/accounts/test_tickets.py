"""The city app's ticket: signed, short-lived, for us, and good once."""

import functools
import json
import time

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OctKey

from accounts.identity import ticket
from accounts.identity.vouched import NotVouched
from accounts.models import LinkedIdentity, UsedTicket, User
from tests.factories import make_citizen
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

KEY, OLD_KEY = b"k" * 32, b"o" * 32
PHONE = "+8613812346621"


@pytest.fixture(autouse=True)
def tickets_are_on(settings):
    settings.TICKETS = {"keys": {"t2": KEY, "t1": OLD_KEY}, "issuer": "city-app", "audience": "vaccine-booking"}


def make_ticket(*, key=KEY, kid="t2", alg="HS256", **claims):
    now = int(time.time())
    said = {"iss": "city-app", "aud": "vaccine-booking", "sub": "citizen-7", "iat": now, "exp": now + 120, "jti": "a1"}
    said = {name: value for name, value in {**said, **claims}.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": kid}, said, OctKey.import_key(key), algorithms=[alg])


def exchange(given, **more):
    body = {"ticket": given, **more}
    return Client().post("/api/v1/auth/tickets", json.dumps(body), content_type="application/json")


def test_a_ticket_gives_a_token_and_the_same_person_the_same_account():
    first = exchange(make_ticket())
    second = exchange(make_ticket(jti="a2"), device="an-app-of-the-city")

    assert (first.status_code, second.status_code) == (201, 201)
    assert set(first.json()) == {"token", "expires_at"}
    headers = {"Authorization": f"Bearer {first.json()['token']}"}
    assert Client().get("/api/v1/patients", headers=headers).status_code == 200
    assert User.objects.count() == LinkedIdentity.objects.count() == 1


def test_a_ticket_works_once():
    given = make_ticket()
    assert exchange(given).status_code == 201

    again = exchange(given)

    assert (again.status_code, again.json()["code"]) == (401, "ticket_refused")


def test_a_ticket_stays_used_when_the_cache_is_emptied():
    given = make_ticket()
    exchange(given)
    cache.clear()

    assert exchange(given).status_code == 401


def test_one_ticket_eight_times_at_the_same_moment_is_one():
    given, moment = make_ticket(), timezone.now()

    results = all_at_once([functools.partial(ticket.exchange, given, now=moment)] * 8, threads=8)

    assert sum(isinstance(result, NotVouched) for result in results) == 7
    assert UsedTicket.objects.count() == 1


def test_twin_reading_a_ticket_without_using_it_up_lets_all_eight_in():
    given, moment = make_ticket(), timezone.now()

    results = all_at_once([functools.partial(ticket.read, given, now=moment)] * 8, threads=8)

    assert not any(isinstance(result, Exception) for result in results)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": b"x" * 32},
        {"kid": "t9"},
        {"alg": "HS512"},
        {"aud": "another-service"},
        {"aud": None},
        {"iss": "somebody"},
        {"sub": None},
        {"sub": ""},
        {"jti": None},
        {"exp": None},
        {"iat": None},
        {"exp": 1},
        {"exp": int(time.time()) + 3600},
        {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 3700},
    ],
    # Not by their values: two processes that collect a second apart must find the same tests.
    ids=lambda changes: "-".join(changes),
)
def test_forged_foreign_old_and_long_lived_tickets_are_refused(changes):
    refused = exchange(make_ticket(**changes))

    assert (refused.status_code, refused.json()["code"]) == (401, "ticket_refused")
    assert User.objects.count() == 0


@pytest.mark.parametrize("given", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "." * 1999])
def test_what_is_no_ticket_is_refused(given):
    assert exchange(given).status_code == 401


def test_a_ticket_signed_with_the_older_key_of_the_ring_is_good():
    assert exchange(make_ticket(key=OLD_KEY, kid="t1")).status_code == 201


def test_a_phone_that_the_city_app_has_checked_leads_to_the_account_of_that_phone():
    known = make_citizen(phone=PHONE)

    exchange(make_ticket(phone_number=PHONE, phone_number_verified=True))

    assert LinkedIdentity.objects.get().user == known


@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_a_phone_that_nobody_checked_leads_to_an_account_of_its_own(verified):
    known = make_citizen(phone=PHONE)

    exchange(make_ticket(phone_number=PHONE, phone_number_verified=verified))

    assert LinkedIdentity.objects.get().user != known


def test_the_subject_is_kept_as_a_keyed_hash():
    exchange(make_ticket(sub="citizen-7"))

    assert "citizen-7" not in str(LinkedIdentity.objects.values())


def test_an_administrators_phone_does_not_let_the_city_app_in():
    make_citizen(phone=PHONE, is_staff=True)

    refused = exchange(make_ticket(phone_number=PHONE, phone_number_verified=True))

    assert refused.status_code == 403
    assert LinkedIdentity.objects.count() == 0


def test_a_city_without_an_app_has_no_tickets(settings):
    settings.TICKETS = {**settings.TICKETS, "keys": {}}

    assert exchange("x").status_code == 404
    assert Client().get("/enter/?ticket=x").status_code == 404


# --- On the web -------------------------------------------------------------------------------------------------------


def test_a_browser_comes_in_and_goes_on_at_once_to_an_address_without_the_ticket():
    browser = Client()

    entered = browser.get("/enter/", {"ticket": make_ticket(), "next": "/book/"})

    assert (entered.status_code, entered["Location"]) == (302, "/book/")
    assert entered["Referrer-Policy"] == "no-referrer"
    assert "no-store" in entered["Cache-Control"]
    assert browser.get("/sign-in/").status_code == 302


def test_the_address_cannot_be_used_by_whoever_finds_it_later():
    given = make_ticket()
    Client().get("/enter/", {"ticket": given})
    finder = Client()

    page = finder.get("/enter/", {"ticket": given})

    assert page.status_code == 403
    assert given not in page.content.decode()
    assert finder.get("/sign-in/").status_code == 200


def test_a_ticket_that_another_site_sends_asks_first_and_is_not_used_up_by_asking():
    browser, given = Client(), make_ticket()

    asked = browser.get("/enter/", {"ticket": given}, headers={"Sec-Fetch-Site": "cross-site"})

    page = asked.content.decode()
    assert asked.status_code == 200
    assert page.count(given) == 1
    assert browser.get("/sign-in/").status_code == 200
    assert browser.post("/enter/", {"ticket": given, "next": "/book/"})["Location"] == "/book/"


def test_a_form_of_another_site_cannot_bring_somebody_in():
    assert Client(enforce_csrf_checks=True).post("/enter/", {"ticket": make_ticket()}).status_code == 403


def test_looking_whether_the_page_is_there_uses_nothing_up():
    given = make_ticket()

    assert Client().head("/enter/", {"ticket": given}).status_code == 405
    assert Client().get("/enter/", {"ticket": given}).status_code == 302
