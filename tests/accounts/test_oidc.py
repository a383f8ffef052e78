"""Signing in with an identity provider, against one that runs here."""

import time

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from accounts.models import LinkedIdentity, User
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET, running_provider
from tests.factories import make_citizen

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+8613812346621"


@pytest.fixture
def provider(settings):
    with running_provider() as running:
        settings.OIDC = {
            "discovery_url": running.discovery_url,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "name": "市民卡",
        }
        yield running


def go(browser, **more):
    return browser.get("/oidc/start/", {"next": "/book/", **more})["Location"]


def come_back(browser, brought):
    return browser.get("/oidc/callback/", brought)


def is_signed_in(browser):
    return browser.get("/sign-in/").status_code == 302


def test_there_and_back_with_pkce_state_and_nonce(provider):
    browser = Client()

    back = come_back(browser, provider.signs_in(go(browser)))

    assert (back.status_code, back["Location"]) == (302, "/book/")
    assert back["Referrer-Policy"] == "no-referrer"
    [asked] = provider.asked
    assert asked["code_challenge_method"] == "S256"
    assert (asked["scope"], asked["response_type"]) == ("openid phone", "code")
    assert asked["redirect_uri"] == "http://testserver/oidc/callback/"
    assert len(asked["state"]) >= 20 <= len(asked["nonce"])
    assert is_signed_in(browser)


def test_the_same_person_gets_the_same_account(provider):
    for _time in range(2):
        browser = Client()
        come_back(browser, provider.signs_in(go(browser)))

    assert User.objects.count() == LinkedIdentity.objects.count() == 1


def test_a_checked_phone_leads_to_its_account(provider):
    known = make_citizen(phone=PHONE)
    provider.claims.update(phone_number=PHONE, phone_number_verified=True)
    browser = Client()

    come_back(browser, provider.signs_in(go(browser)))

    assert LinkedIdentity.objects.get().user == known


def refused(browser, page):
    return page.status_code == 403 and not is_signed_in(browser) and User.objects.count() == 0


def test_a_forged_state_is_refused(provider):
    browser = Client()
    brought = provider.signs_in(go(browser))

    assert refused(browser, come_back(browser, {**brought, "state": "forged"}))


def test_what_was_begun_in_another_browser_is_refused(provider):
    attacker, victim = Client(), Client()
    brought = provider.signs_in(go(attacker))

    assert refused(victim, come_back(victim, brought))


def test_an_answer_works_once(provider):
    browser = Client()
    brought = provider.signs_in(go(browser))
    come_back(browser, brought)
    browser.post("/sign-out/")

    assert come_back(browser, brought).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "forged"},
        {"aud": "another-service"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 600},
        {"sub": ""},
        {"sub": None},
    ],
    ids=str,
)
def test_forged_claims_are_refused(provider, claims):
    provider.claims.update(claims)
    browser = Client()

    assert refused(browser, come_back(browser, provider.signs_in(go(browser))))


def _by_another_key(provider, claims):
    return jwt.encode({"alg": "RS256", "kid": "p1"}, claims, RSAKey.generate_key(2048))


def _by_the_shared_secret(provider, claims):
    return jwt.encode({"alg": "HS256", "kid": "p1"}, claims, OctKey.import_key(CLIENT_SECRET))


def _by_the_public_key_as_a_secret(provider, claims):
    key = OctKey.import_key(provider.key.as_pem(private=False).decode().replace("-----", "x"))
    return jwt.encode({"alg": "HS256", "kid": "p1"}, claims, key)


def _by_nobody(provider, claims):
    return jwt.encode({"alg": "none"}, claims, OctKey.import_key("x" * 32), algorithms=["none"])


@pytest.mark.filterwarnings("ignore:JWS algorithm")
@pytest.mark.parametrize("forge", [_by_another_key, _by_the_shared_secret, _by_the_public_key_as_a_secret, _by_nobody])
def test_forged_signatures_are_refused(provider, forge):
    provider.sign = forge
    browser = Client()

    assert refused(browser, come_back(browser, provider.signs_in(go(browser))))


def test_a_person_who_says_no_there_is_not_signed_in_here(provider):
    browser = Client()
    brought = provider.signs_in(go(browser))

    assert refused(browser, come_back(browser, {"error": "access_denied", "state": brought["state"]}))


def test_a_provider_that_is_not_there_is_said(settings):
    settings.OIDC = {
        "discovery_url": "http://127.0.0.1:1/.well-known/openid-configuration",
        "client_id": CLIENT_ID,
        "client_secret": "",
        "name": "",
    }

    page = Client().get("/oidc/start/")

    assert page.status_code == 403
    assert "用验证码登录" in page.content.decode()


def test_the_sign_in_page_offers_it_where_there_is_one(provider):
    assert "用市民卡登录" in Client().get("/sign-in/").content.decode()


def test_a_city_without_a_provider_has_none_of_its_pages():
    assert Client().get("/oidc/start/").status_code == 404
    assert Client().get("/oidc/callback/").status_code == 404
    assert "/oidc/" not in Client().get("/sign-in/").content.decode()
