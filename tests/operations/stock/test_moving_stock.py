"""Doses that come and go: each noted once, never more than there are, always with a reason."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from booking.models import Batch, MovementKind, StockMovement, Vaccine
from booking.operations.refusals import NotFound
from booking.operations.stock.move_stock import Delivery, finish, receive, take_out
from booking.operations.stock.refusals import StockRefused
from booking.queries.desk.stock import doses_left, stock_of
from sites.models import Site
from tests.factories import CLOCK, make_site

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def nurse() -> User:
    return User.objects.create(username="nurse")


@pytest.fixture
def vaccine() -> Vaccine:
    return Vaccine.objects.create(code="flu", name="流感疫苗", name_en="Influenza vaccine")


def box(vaccine: Vaccine, *, expires_on: date = date(2027, 5, 31), number: str = "L2026-11") -> Delivery:
    return Delivery(vaccine=vaccine.code, number=number, expires_on=expires_on)


def test_doses_that_come_make_the_batch_and_are_counted_once_however_often_they_are_told(site, nurse, vaccine) -> None:
    for _ in range(3):
        batch = receive(site=site, delivery=box(vaccine), doses=200, by=nurse.pk, key="delivery-1", now=CLOCK)

    assert Batch.objects.get() == batch
    assert doses_left(batch.pk) == 200


def test_the_same_key_with_other_doses_is_a_fault_of_the_caller(site, nurse, vaccine) -> None:
    receive(site=site, delivery=box(vaccine), doses=200, by=nurse.pk, key="delivery-1", now=CLOCK)

    with pytest.raises(StockRefused) as refused:
        receive(site=site, delivery=box(vaccine), doses=20, by=nurse.pk, key="delivery-1", now=CLOCK)

    assert refused.value.facts["reason"] == "key_reused"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"doses": 0}, "number_of_doses"),
        ({"doses": -5}, "number_of_doses"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expired"),
        ({"vaccine": "nothing"}, "unknown_vaccine"),
    ],
)
def test_what_cannot_be_right_is_refused_and_leaves_no_batch(site, nurse, vaccine, wrong, reason) -> None:
    asked = {"vaccine": "flu", "expires_on": date(2027, 5, 31), "doses": 10, **wrong}
    delivery = Delivery(vaccine=asked["vaccine"], number="L1", expires_on=asked["expires_on"])

    with pytest.raises(StockRefused) as refused:
        receive(site=site, delivery=delivery, doses=asked["doses"], by=nurse.pk, key="delivery-1", now=CLOCK)

    assert refused.value.facts["reason"] == reason
    assert not Batch.objects.exists()


def test_one_number_with_two_expiry_dates_is_asked_about(site, nurse, vaccine) -> None:
    receive(site=site, delivery=box(vaccine), doses=200, by=nurse.pk, key="delivery-1", now=CLOCK)
    misread = box(vaccine, expires_on=date(2027, 6, 30))

    with pytest.raises(StockRefused) as refused:
        receive(site=site, delivery=misread, doses=10, by=nurse.pk, key="delivery-2", now=CLOCK)

    assert refused.value.facts == {"reason": "other_expiry", "expires_on": date(2027, 5, 31)}
    assert doses_left(Batch.objects.get().pk) == 200


def test_wasted_doses_need_a_reason_and_cannot_be_more_than_there_are(site, nurse, vaccine) -> None:
    batch = receive(site=site, delivery=box(vaccine), doses=10, by=nurse.pk, key="delivery-1", now=CLOCK)
    waste = {"site": site, "batch_id": batch.pk, "kind": MovementKind.WASTED, "by": nurse.pk, "now": CLOCK}

    with pytest.raises(StockRefused, match="stock_refused"):
        take_out(**waste, doses=1, reason=" 破 ", key="waste-1")
    with pytest.raises(StockRefused) as refused:
        take_out(**waste, doses=11, reason="瓶子打破了", key="waste-2")
    assert refused.value.facts == {"reason": "more_than_left", "left": 10}
    for _ in range(2):
        take_out(**waste, doses=10, reason="冰箱断电了", key="waste-3")

    assert doses_left(batch.pk) == 0
    assert StockMovement.objects.filter(kind=MovementKind.WASTED).count() == 1


def test_another_sites_batch_is_not_there(site, nurse, vaccine) -> None:
    batch = receive(site=make_site(), delivery=box(vaccine), doses=10, by=nurse.pk, key="delivery-1", now=CLOCK)

    with pytest.raises(NotFound):
        take_out(
            site=site, batch_id=batch.pk, kind=MovementKind.WASTED, doses=1, reason="瓶子打破了", by=nurse.pk,
            key="waste-1", now=CLOCK,
        )  # fmt: skip
    with pytest.raises(NotFound):
        finish(site=site, batch_id=batch.pk, finished=True, now=CLOCK)
    assert doses_left(batch.pk) == 10


def test_a_finished_batch_is_in_use_again_when_doses_of_it_come(site, nurse, vaccine) -> None:
    batch = receive(site=site, delivery=box(vaccine), doses=10, by=nurse.pk, key="delivery-1", now=CLOCK)
    finish(site=site, batch_id=batch.pk, finished=True, now=CLOCK)

    receive(site=site, delivery=box(vaccine), doses=5, by=nurse.pk, key="delivery-2", now=CLOCK)

    assert Batch.objects.get().finished_at is None


def test_the_day_of_a_batch_begins_with_what_the_days_before_left(site, nurse, vaccine) -> None:
    yesterday = CLOCK - timedelta(days=1)
    batch = receive(site=site, delivery=box(vaccine), doses=100, by=nurse.pk, key="delivery-1", now=yesterday)
    receive(site=site, delivery=box(vaccine), doses=50, by=nurse.pk, key="delivery-2", now=CLOCK)
    take_out(
        site=site, batch_id=batch.pk, kind=MovementKind.RETURNED, doses=20, reason="送多了退回", by=nurse.pk,
        key="back-1", now=CLOCK,
    )  # fmt: skip

    row = stock_of(site, day=TODAY)[0]

    assert (row.day.opening, row.day.received, row.day.returned, row.day.left) == (100, 50, 20, 130)


def test_what_came_and_went_can_be_neither_changed_nor_taken_away(site, nurse, vaccine) -> None:
    from django.db import DatabaseError, transaction

    receive(site=site, delivery=box(vaccine), doses=100, by=nurse.pk, key="delivery-1", now=CLOCK)

    for act in (lambda: StockMovement.objects.update(doses=1), lambda: StockMovement.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
