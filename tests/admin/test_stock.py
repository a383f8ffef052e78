"""Batches in the admin: deliveries are noted once, and only at the administrator's own sites."""

from datetime import date, timedelta

import pytest

from booking.models import Batch, MovementKind, StockMovement
from booking.operations.stock.move_stock import Delivery, receive
from sites.models import AdminRole
from tests.factories import make_administrator, make_district, make_programme, make_site, sign_in

pytestmark = pytest.mark.django_db
ADD = "/admin/booking/batch/add/"
LIST = "/admin/booking/batch/"


@pytest.fixture
def vaccine():
    return make_programme().vaccine


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def manager(client, site):
    return sign_in(client, make_administrator(AdminRole.SITE, site=site))


def filled(site, vaccine, **other):
    day = date.today() + timedelta(days=100)
    form = {
        "site": site.pk, "vaccine": vaccine.pk, "number": "L2026-11", "expires_on": day.isoformat(),
        "doses_per_vial": 1, "pack_code": "", "doses": 200, "key": "delivery-once",
    }  # fmt: skip
    return {**form, **other}


def test_a_delivery_makes_the_batch_and_is_noted_once_however_often_it_is_sent(client, manager, site, vaccine) -> None:
    for _ in range(2):
        answer = client.post(ADD, filled(site, vaccine))
        assert answer.status_code == 302, answer.context["adminform"].form.errors.as_text()

    assert StockMovement.objects.get().doses == 200
    assert StockMovement.objects.get().by == manager


def test_a_second_delivery_of_the_batch_is_added_to_it(client, manager, site, vaccine) -> None:
    client.post(ADD, filled(site, vaccine))
    client.post(ADD, filled(site, vaccine, key="delivery-two", doses=50))

    assert Batch.objects.count() == 1
    assert sum(StockMovement.objects.values_list("doses", flat=True)) == 250


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"expires_on": "2020-01-01"}, "这一批过期了"),
        ({"doses": 0}, "1"),
        ({"number": ""}, "必填"),
        ({"doses_per_vial": 0}, "每瓶至少 1 剂"),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field(client, manager, site, vaccine, wrong, words) -> None:
    answer = client.post(ADD, filled(site, vaccine, **wrong))

    assert words in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_misread_expiry_is_asked_about(client, manager, site, vaccine) -> None:
    client.post(ADD, filled(site, vaccine))
    other = (date.today() + timedelta(days=101)).isoformat()

    answer = client.post(ADD, filled(site, vaccine, expires_on=other, key="delivery-two"))

    assert "这个批号已经登记过" in answer.content.decode()
    assert sum(StockMovement.objects.values_list("doses", flat=True)) == 200


def test_another_sites_stock_cannot_be_added_to_or_seen(client, manager, vaccine) -> None:
    other = make_site(district=make_district("430104"))
    box = Delivery(vaccine.code, "L-OTHER", date.today() + timedelta(days=9))
    batch = receive(site=other, delivery=box, doses=5, by=manager.pk, key="delivery-other", now=manager.date_joined)

    answer = client.post(ADD, filled(other, vaccine))

    assert answer.status_code == 200
    assert Batch.objects.count() == 1
    assert client.get(f"/admin/booking/batch/{batch.pk}/change/").status_code == 404
    assert "L-OTHER" not in client.get(LIST).content.decode()


def test_the_list_says_what_is_left_and_for_how_many_days(client, manager, site, vaccine) -> None:
    client.post(ADD, filled(site, vaccine))
    batch = Batch.objects.get()
    StockMovement.objects.create(
        batch=batch, kind=MovementKind.USED, doses=-70, by=manager, at=StockMovement.objects.get().at, key="used"
    )

    page = client.get(LIST).content.decode()

    assert '<td class="field-doses_left">130</td>' in page
    assert '<td class="field-cover">13 天</td>' in page
