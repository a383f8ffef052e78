"""Who may see the numbers, and why something is not ready."""

import ipaddress
import json

import pytest

from tests.deploy.asking import ask

pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = "192.0.2.7"
PASSED_ON = ("X_FORWARDED_FOR", "X_REAL_IP", "FORWARDED", "VIA", "X_FORWARDED_PROTO")


@pytest.fixture
def let(settings):
    def set_(*, token: str = "", addresses: str = "") -> None:
        networks = tuple(ipaddress.ip_network(one) for one in addresses.split(",") if one)
        settings.METRICS = {**settings.METRICS, "token": token, "addresses": networks}

    return set_


def sees(**how: str) -> bool:
    """Whether this caller gets the numbers, and then the reasons too; neither without the other."""
    numbers, health = ask("/metrics", **how), ask("/health/ready", **how)
    assert numbers.status in (200, 404)
    assert ("reasons" in json.loads(health.text)) == (numbers.status == 200)
    return numbers.status == 200


def test_without_a_token_only_programs_of_this_machine_see_them() -> None:
    assert sees(origin="127.0.0.1")
    assert sees(origin="::1")
    assert not sees(origin=ELSEWHERE)
    assert not sees(origin="")


@pytest.mark.parametrize("header", PASSED_ON)
def test_a_proxy_on_this_machine_passes_nobody_off_as_this_machine(header: str) -> None:
    assert not sees(origin="127.0.0.1", **{header: "127.0.0.1"})


def test_with_a_token_everybody_needs_it_and_nothing_else(let) -> None:
    let(token="long-and-random")

    assert sees(origin=ELSEWHERE, AUTHORIZATION="Bearer long-and-random")
    assert sees(origin=ELSEWHERE, AUTHORIZATION="bearer long-and-random", X_FORWARDED_FOR="198.51.100.1")
    for wrong in (
        "Bearer long-and-rando",
        "Bearer long-and-random-",
        "long-and-random",
        "Basic long-and-random",
        "Bearer é",
    ):
        assert not sees(origin=ELSEWHERE, AUTHORIZATION=wrong)
    assert not sees(origin="127.0.0.1")


def test_addresses_are_asked_besides_the_token(let) -> None:
    let(token="long-and-random", addresses="192.0.2.0/28,2001:db8::/32")

    assert sees(origin=ELSEWHERE, AUTHORIZATION="Bearer long-and-random")
    assert sees(origin="2001:db8::7", AUTHORIZATION="Bearer long-and-random")
    assert not sees(origin=ELSEWHERE)
    assert not sees(origin="198.51.100.1", AUTHORIZATION="Bearer long-and-random")


def test_behind_a_proxy_the_address_that_the_proxy_saw_counts(let, settings) -> None:
    settings.BEHIND_PROXY = True
    let(addresses="192.0.2.0/28")

    assert sees(origin="127.0.0.1", X_FORWARDED_FOR=f"198.51.100.1, {ELSEWHERE}")
    assert not sees(origin="127.0.0.1", X_FORWARDED_FOR=f"{ELSEWHERE}, 198.51.100.1")
    assert not sees(origin="127.0.0.1")


def test_a_refused_caller_is_not_told_that_there_is_anything() -> None:
    refused, nowhere = ask("/metrics", origin=ELSEWHERE), ask("/metrics-of-nothing", origin=ELSEWHERE)

    assert (refused.status, refused.text) == (404, "")
    assert nowhere.status == 404
