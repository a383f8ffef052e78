"""Health, as a load balancer asks for it, and the first page."""

import pytest
from django.test import Client

from deploy import health


@pytest.mark.django_db
def test_alive_asks_nobody(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "live"}


@pytest.mark.django_db
def test_ready_names_no_part_when_all_answer(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "failing": []})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("gone", "status", "says"),
    [
        (["_ledger"], 503, {"status": "unavailable", "failing": ["ledger"]}),
        (["_gate"], 200, {"status": "degraded", "failing": ["gate"]}),
        (["_ledger", "_gate"], 503, {"status": "unavailable", "failing": ["ledger", "gate"]}),
    ],
)
def test_what_does_not_answer_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch, gone: list[str], status: int, says: dict[str, object]
) -> None:
    for part in gone:
        monkeypatch.setattr(health, part, lambda: False)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (status, says)


@pytest.mark.django_db
def test_the_first_page_says_that_it_is_a_demonstration(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "演示系统" in page
    english = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert "Demonstration: sites, places and all people are made up." in english
