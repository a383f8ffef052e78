"""Stock over the API: whoever has the post enters what came and went, at the own site only, each entry once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import StockMovement
from tests.desk_factories import make_desk
from tests.factories import make_programme, make_site, make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def as_supervisor(client, site):
    user = make_desk(site, "supervisor")
    return {"headers": {"Authorization": f"Bearer {make_token(user, timezone.now())}", "Accept-Language": "en"}}


@pytest.fixture
def delivery(site):
    day = timezone.localdate() + timedelta(days=90)
    vaccine = make_programme().vaccine.code
    return {
        "site": site.code, "key": "entry-00000001", "vaccine": vaccine, "number": "L1", "expires_on": day.isoformat(),
        "doses": 200,
    }  # fmt: skip


def post(client, path, facts, signed_in):
    return client.post(f"/api/v1/desk/{path}", facts, content_type="application/json", **signed_in)


def test_a_delivery_sent_twice_is_one(client, as_supervisor, delivery) -> None:
    post(client, "stock/receive", delivery, as_supervisor)
    answer = post(client, "stock/receive", delivery, as_supervisor)

    batch = answer.json()["batches"][0]
    assert (batch["number"], batch["received"], batch["left"]) == ("L1", 200, 200)
    assert StockMovement.objects.count() == 1


def test_waste_is_taken_off_with_its_reason(client, site, as_supervisor, delivery) -> None:
    batch = post(client, "stock/receive", delivery, as_supervisor).json()["batches"][0]
    waste = {"site": site.code, "key": "entry-00000002", "batch": batch["id"], "kind": "wasted", "doses": 3}

    answer = post(client, "stock/take-out", {**waste, "reason": "Vial broken"}, as_supervisor)

    assert (answer.json()["batches"][0]["wasted"], answer.json()["batches"][0]["left"]) == (3, 197)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"doses": 201, "reason": "Vial broken"}, "more than is left"),
        ({"doses": 1, "reason": "abc"}, "at least 4 characters"),
    ],
)
def test_a_refusal_says_what_to_do_and_takes_nothing(client, site, as_supervisor, delivery, wrong, words) -> None:
    batch = post(client, "stock/receive", delivery, as_supervisor).json()["batches"][0]
    waste = {"site": site.code, "key": "entry-00000002", "batch": batch["id"], "kind": "wasted"}

    answer = post(client, "stock/take-out", {**waste, **wrong}, as_supervisor)

    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert StockMovement.objects.count() == 1


def test_a_used_up_batch_is_said_to_be_so_and_can_be_taken_back(client, site, as_supervisor, delivery) -> None:
    batch = post(client, "stock/receive", delivery, as_supervisor).json()["batches"][0]

    for finished in (True, False):
        facts = {"site": site.code, "batch": batch["id"], "finished": finished}
        answer = post(client, "stock/finish", facts, as_supervisor)
        assert answer.json()["batches"][0]["finished"] is finished


def test_the_day_is_closed_with_what_was_counted_and_opened_again_with_a_reason(
    client, site, as_supervisor, delivery
) -> None:
    batch = post(client, "stock/receive", delivery, as_supervisor).json()["batches"][0]
    counted = [{"batch": batch["id"], "doses": 198}]

    unexplained = post(client, "day-close", {"site": site.code, "counted": counted}, as_supervisor)
    assert (unexplained.status_code, unexplained.json()["numbers"]) == (422, ["L1"])

    facts = {"site": site.code, "counted": counted, "explanation": "two broken"}
    closed = post(client, "day-close", facts, as_supervisor).json()
    assert closed["closed"]["explanation"] == "two broken"
    assert closed["batches"][0]["left"] == 198

    again = post(client, "day-close/reopen", {"site": site.code, "reason": "miscounted"}, as_supervisor).json()
    assert again["closed"] is None


def test_whoever_only_registers_enters_no_stock(client, site, delivery) -> None:
    user = make_desk(site, "registration")
    signed_in = {"headers": {"Authorization": f"Bearer {make_token(user, timezone.now())}"}}

    assert post(client, "stock/receive", delivery, signed_in).status_code == 403
    assert client.get(f"/api/v1/desk/stock?site={site.code}", **signed_in).status_code == 403
    assert not StockMovement.objects.exists()


def test_only_a_supervisor_closes_the_day(client, site) -> None:
    user = make_desk(site, "vaccination")
    signed_in = {"headers": {"Authorization": f"Bearer {make_token(user, timezone.now())}"}}

    assert post(client, "day-close", {"site": site.code, "counted": []}, signed_in).status_code == 403


def test_another_site_is_not_there(client, as_supervisor, delivery) -> None:
    other = {**delivery, "site": make_site().code}

    assert post(client, "stock/receive", other, as_supervisor).status_code == 404
    assert client.get(f"/api/v1/desk/stock?site={other['site']}", **as_supervisor).status_code == 404
