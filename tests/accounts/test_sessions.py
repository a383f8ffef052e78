"""A session lives in the ledger: Redis may be emptied or gone."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache, caches
from django.test import Client, override_settings

from accounts import sessions, tokens
from accounts.sign_out import sign_out_everywhere
from deploy.cache import reached
from deploy.embedded import Valkey
from tests.factories import make_citizen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own_redis(tmp_path, settings):
    """A Valkey that only this test uses, so that it can be stopped."""
    server = Valkey(tmp_path / "gate", options=("--appendonly", "no"))
    server.start()
    with override_settings(CACHES={"default": {**settings.CACHES["default"], "LOCATION": server.url()}}):
        yield server
    server.stop()


def signed_in():
    browser = Client()
    browser.force_login(make_citizen(), backend="accounts.backends.ProofBackend")
    return browser


def is_signed_in(browser):
    return browser.get("/sign-in/").status_code == 302


def test_a_session_survives_that_redis_is_emptied(own_redis):
    browser = signed_in()
    assert is_signed_in(browser)

    caches["default"].clear()

    assert is_signed_in(browser)


def test_a_session_survives_that_redis_is_stopped_and_one_can_sign_out_without_it(own_redis):
    browser = signed_in()
    assert is_signed_in(browser)

    own_redis.stop()

    assert is_signed_in(browser)
    assert browser.post("/sign-out/").status_code == 200
    assert not is_signed_in(browser)
    assert Session.objects.count() == 0


def test_a_session_can_begin_while_redis_is_stopped(own_redis):
    own_redis.stop()

    assert is_signed_in(signed_in())


def test_twin_a_session_that_lives_in_the_cache_only_is_lost_with_it(own_redis):
    with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.cache"):
        browser = signed_in()
        assert is_signed_in(browser)

        caches["default"].clear()

        assert not is_signed_in(browser)


def test_the_copy_in_the_cache_is_gone_within_minutes():
    browser = signed_in()
    is_signed_in(browser)

    client = cache._cache.get_client()
    [key] = client.keys("*cached_db*")
    assert 0 < client.ttl(key) <= sessions.COPY_SECONDS


def test_a_sign_out_that_redis_did_not_hear_of_is_told_to_it_when_it_is_back(now):
    user = make_citizen()
    alone, with_all = (tokens.read(tokens.issue(user.pk, now)[0], now) for _ in range(2))
    assert tokens.revoked_among([alone, with_all]) == set()

    reached().breaker._open_until = float("inf")
    tokens.revoke(alone, now)
    sign_out_everywhere(user.pk)
    reached().breaker.worked()

    client = cache._cache.get_client()
    stale = client.mget(tokens.revocation_keys(with_all))
    assert stale[2] is None
    assert tokens.is_revoked_by(stale, with_all)
    assert tokens.revoked_among([alone, with_all]) == {alone.token_id, with_all.token_id}
    assert client.mget(tokens.revocation_keys(with_all))[2] == b"1"


def test_epochs_come_back_from_the_ledger_when_redis_was_emptied(now):
    user = make_citizen()
    old = tokens.read(tokens.issue(user.pk, now)[0], now)
    sign_out_everywhere(user.pk)
    cache.clear()

    assert tokens.is_revoked(old)
    assert tokens.is_revoked(old)
    user.refresh_from_db()
    new = tokens.read(tokens.issue(user.pk, now, epoch=user.epoch)[0], now)
    assert not tokens.is_revoked(new)
