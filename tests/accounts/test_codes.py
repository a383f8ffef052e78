"""Sign-in codes: five tries whatever the hurry, and the same answers for everybody."""

import functools

import pytest
from django.core.cache import cache

from accounts import codes
from tests.races.crowd import all_at_once

PHONE = "+8613812346621"


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_right_code_signs_in_once():
    code = codes.send(PHONE, address="127.0.0.1")

    codes.check(PHONE, code)
    with pytest.raises(codes.CodeWrong):
        codes.check(PHONE, code)


def test_five_tries_and_then_the_right_one_is_too_late():
    code = codes.send(PHONE, address="127.0.0.1")

    for left in (4, 3, 2, 1, 0):
        with pytest.raises(codes.CodeWrong) as refused:
            codes.check(PHONE, wrong(code))
        assert refused.value.tries_left == left
    with pytest.raises(codes.CodeWrong):
        codes.check(PHONE, code)


def test_a_phone_that_never_asked_is_told_the_same_as_one_whose_code_ran_out():
    with pytest.raises(codes.CodeWrong) as refused:
        codes.check("+8613900000000", "123456")

    assert refused.value.tries_left == 0


def test_a_code_is_sent_once_a_minute():
    codes.send(PHONE, address="127.0.0.1")

    with pytest.raises(codes.TooManySends) as refused:
        codes.send(PHONE, address="127.0.0.2")
    assert refused.value.wait == codes.BETWEEN_SENDS_SECONDS


def test_an_address_cannot_send_to_the_whole_city(monkeypatch):
    monkeypatch.setattr(codes, "SENDS_AN_HOUR_PER_ADDRESS", 3)
    for n in range(3):
        codes.send(f"+861381234662{n}", address="127.0.0.9")

    with pytest.raises(codes.TooManySends):
        codes.send("+8613812346629", address="127.0.0.9")
    codes.send("+8613812346628", address="127.0.0.8")


def test_fifty_guesses_at_the_same_moment_are_five_tries():
    code = codes.send(PHONE, address="127.0.0.1")
    guess = wrong(code)

    results = all_at_once([functools.partial(codes.check, PHONE, guess)] * 50, threads=25)

    assert sorted(result.tries_left for result in results if result.tries_left) == [1, 2, 3, 4]


def test_twin_counting_after_comparing_lets_more_than_five_guesses_through():
    """A count that is read, compared and written back, as one would first write it, loses guesses made at once."""
    cache.set("naive", 0, 60)
    compared = []

    def naive_guess():
        used = cache.get("naive")
        if used < codes.TRIES:
            compared.append(1)
            cache.set("naive", used + 1, 60)

    all_at_once([naive_guess] * 50, threads=25)

    assert len(compared) > codes.TRIES


def test_nothing_in_the_cache_is_the_code_or_the_phone():
    from booking.admission.connection import connection

    code = codes.send(PHONE, address="127.0.0.1")

    client = connection().client
    stored = b"".join(key + (client.get(key) or b"") for key in client.keys("*"))
    assert code.encode() not in stored
    assert PHONE[3:].encode() not in stored


def test_without_the_cache_nothing_is_sent_and_nothing_accepted():
    cache._gone_until = float("inf")
    try:
        with pytest.raises(codes.CodesDown):
            codes.send(PHONE, address="127.0.0.1")
        with pytest.raises(codes.CodesDown):
            codes.check(PHONE, "123456")
    finally:
        cache._gone_until = 0.0
