"""What REDIS_URL may say of the gate's servers."""

import pytest

from booking.admission.servers import servers_of


def test_an_ordinary_address_is_one_server() -> None:
    found = servers_of("redis://:secret@gate:6379/2")

    assert (found.kind, found.url) == ("", "redis://:secret@gate:6379/2")


def test_a_group_has_sentinels_a_name_and_two_kinds_of_passwords() -> None:
    found = servers_of(
        "redis+sentinel://me:p%40ss@a,b:1,[::1]:2/city/3?sentinel_password=s%26t&health_check_interval=5"
    )

    assert found.kind == "sentinel"
    assert found.hosts == (("a", 26379), ("b", 1), ("::1", 2))
    assert found.group == "city"
    assert found.sentinel_secrets == (None, "s&t")
    assert found.url == "redis://me:p%40ss@a/3?health_check_interval=5"


def test_a_cluster_is_known_by_any_of_its_nodes() -> None:
    found = servers_of("rediss+cluster://:secret@a:6379,b")

    assert (found.kind, found.hosts) == ("cluster", (("a", 6379), ("b", 6379)))
    assert found.url.startswith("rediss://:secret@a:6379/")


@pytest.mark.parametrize("written", ["redis+group://a", "redis+sentinel://a:26379", "redis+cluster://", "http://a"])
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        servers_of(written)
