"""The admin only exists for the networks that the city names."""

from ipaddress import ip_network

import pytest

from deploy import env
from tests.factories import make_administrator, sign_in

pytestmark = pytest.mark.django_db
LIST = ("10.1.0.0/16", "192.0.2.17", "2001:db8:7::/48")
PAGES = ("/admin/", "/admin/login/", "/admin/two-factor/", "/admin/booking/slot/", "/admin/jsi18n/", "/admin/none/")


@pytest.fixture
def listed(settings):
    settings.ADMIN_ADDRESSES = tuple(ip_network(one) for one in LIST)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("stranger", ["10.2.0.1", "192.0.2.18", "2001:db8:8::1", "not an address", ""])
def test_from_elsewhere_there_is_nothing_not_even_the_sign_in(client, listed, page, stranger):
    sign_in(client, make_administrator())

    answer = client.get(page, REMOTE_ADDR=stranger)

    assert answer.status_code == 404
    assert "password" not in answer.content.decode()
    assert client.post(page, REMOTE_ADDR=stranger).status_code == 404


@pytest.mark.parametrize("colleague", ["10.1.255.1", "192.0.2.17", "2001:db8:7:1::9", "::ffff:10.1.0.4"])
def test_from_the_listed_networks_it_is_there(client, listed, colleague):
    assert client.get("/admin/login/", REMOTE_ADDR=colleague).status_code == 200


def test_everything_else_is_there_for_everybody(client, listed):
    for page in ("/", "/health/live", "/desk/", "/administrators/"):
        expected = 404 if page == "/administrators/" else 200
        assert client.get(page, REMOTE_ADDR="198.51.100.1").status_code == expected


def test_behind_a_proxy_the_address_is_what_the_proxy_says_and_nobody_else(client, listed, settings):
    settings.BEHIND_PROXY = True
    proxy = {"REMOTE_ADDR": "127.0.0.1"}

    inside = client.get("/admin/login/", HTTP_X_FORWARDED_FOR="198.51.100.1, 10.1.0.4", **proxy)
    claimed = client.get("/admin/login/", HTTP_X_FORWARDED_FOR="10.1.0.4, 198.51.100.1", **proxy)

    assert (inside.status_code, claimed.status_code) == (200, 404)


def test_without_a_proxy_what_a_caller_says_of_itself_counts_for_nothing(client, listed):
    answer = client.get("/admin/login/", HTTP_X_FORWARDED_FOR="10.1.0.4", REMOTE_ADDR="198.51.100.1")

    assert answer.status_code == 404


def test_an_empty_list_is_everywhere(client):
    assert client.get("/admin/login/", REMOTE_ADDR="198.51.100.1").status_code == 200


def test_the_list_is_read_from_the_environment_or_refused_with_its_name(monkeypatch):
    monkeypatch.setenv("ADMIN_ADDRESSES", " 10.1.0.0/16, 2001:db8:7::/48,")
    assert env.networks("ADMIN_ADDRESSES") == (ip_network("10.1.0.0/16"), ip_network("2001:db8:7::/48"))

    for wrong in ("10.1.0.1/16", "the office", "10.1.0.0/33"):
        monkeypatch.setenv("ADMIN_ADDRESSES", wrong)
        with pytest.raises(env.BadEnvironment, match="ADMIN_ADDRESSES must be"):
            env.networks("ADMIN_ADDRESSES")
