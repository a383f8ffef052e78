"""Tokens are read without SQL and die at once."""

from datetime import timedelta

import pytest

from accounts import tokens
from booking.admission.connection import connection
from deploy.cache import reached
from tests.factories import make_citizen

pytestmark = pytest.mark.django_db


def test_a_token_says_whose_it_is(now):
    token, expires_at = tokens.issue(7, now)

    claims = tokens.read(token, now)

    assert (claims.user_id, claims.expires_at) == (7, expires_at)


def test_forged_changed_and_expired_tokens_are_refused(now):
    token, expires_at = tokens.issue(7, now)

    for bad in ("", "x", token[:-1], "8" + token[1:], token.replace(".", ":")):
        with pytest.raises(tokens.TokenRefused):
            tokens.read(bad, now)
    with pytest.raises(tokens.TokenRefused):
        tokens.read(token, expires_at + timedelta(seconds=1))


def test_a_signed_out_token_is_dead_at_once_and_stays_dead_when_redis_is_emptied(now):
    citizen = make_citizen()
    claims = tokens.read(tokens.issue(citizen.pk, now)[0], now)
    other = tokens.read(tokens.issue(citizen.pk, now)[0], now)
    assert not tokens.is_revoked(claims)

    tokens.revoke(claims, now)
    assert tokens.revoked_among([claims, other]) == {claims.token_id}
    connection().client.flushall()
    assert tokens.is_revoked(claims)
    assert tokens.is_revoked(claims)


def test_asking_sends_no_sql(now, django_assert_num_queries):
    one, other = (tokens.read(tokens.issue(user_id, now)[0], now) for user_id in (7, 8))
    tokens.revoked_among([one])

    with django_assert_num_queries(0):
        assert tokens.revoked_among([one, other]) == set()


def test_without_the_cache_the_ledger_is_asked(now):

    claims = tokens.read(tokens.issue(make_citizen().pk, now)[0], now)
    tokens.revoke(claims, now)
    reached().breaker._open_until = float("inf")
    try:
        assert tokens.is_revoked(claims)
    finally:
        reached().breaker.worked()
