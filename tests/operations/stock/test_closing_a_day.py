"""A day is over when everybody has left, every conflict was looked at, and the doses come out even or are explained."""

import uuid
from datetime import date

import pytest

from accounts.models import AuditEntry, User
from booking.models import (
    ActKind,
    ConflictAnswer,
    DayClose,
    DeskAct,
    MovementKind,
    Outcome,
    StockMovement,
    Vaccine,
    Visit,
    VisitStatus,
)
from booking.operations.refusals import NotFound
from booking.operations.stock.close_day import close_day, reopen_day
from booking.operations.stock.move_stock import Delivery, receive
from booking.operations.stock.refusals import DayNotOver, StockRefused
from booking.queries.desk.stock import close_of, doses_left
from tests.factories import CLOCK, make_appointment, make_site, make_slot

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def chief() -> User:
    return User.objects.create(username="chief")


@pytest.fixture
def batch(site, chief):
    Vaccine.objects.create(code="flu", name="流感疫苗", name_en="Influenza vaccine")
    box = Delivery(vaccine="flu", number="L1", expires_on=date(2027, 5, 31))
    return receive(site=site, delivery=box, doses=100, by=chief.pk, key="delivery-1", now=CLOCK)


def close(site, chief, counted, explanation=""):
    return close_day(site=site, day=TODAY, counted=counted, explanation=explanation, by=chief, now=CLOCK)


def test_a_day_that_comes_out_even_is_closed_without_a_word(site, chief, batch) -> None:
    closed = close(site, chief, {batch.pk: 100})

    assert closed.sums["batches"][0]["expected"] == closed.sums["batches"][0]["counted"] == 100
    assert AuditEntry.objects.get().action == "close_day"


def test_a_second_closing_is_the_first_one(site, chief, batch) -> None:
    first = close(site, chief, {batch.pk: 100})

    assert close(site, chief, {batch.pk: 7}, "又数了一遍") == first
    assert doses_left(batch.pk) == 100


def test_every_batch_must_have_been_counted(site, chief, batch) -> None:
    with pytest.raises(StockRefused) as refused:
        close(site, chief, {})

    assert refused.value.facts == {"reason": "not_counted", "numbers": ["L1"]}


def test_a_difference_is_explained_and_tomorrow_begins_with_what_is_there(site, chief, batch) -> None:
    with pytest.raises(StockRefused) as refused:
        close(site, chief, {batch.pk: 98})
    assert refused.value.facts == {"reason": "not_explained", "numbers": ["L1"]}
    assert not DayClose.objects.exists()

    close(site, chief, {batch.pk: 98}, "两支打破了，忘记登记")

    assert doses_left(batch.pk) == 98
    assert StockMovement.objects.get(kind=MovementKind.CORRECTED).doses == -2


def test_nobody_may_still_be_at_the_site(site, chief, batch) -> None:
    appointment = make_appointment(make_slot(site=site))
    visit = Visit.objects.create(
        appointment=appointment, site=site, day=TODAY, ticket=1, arrived_at=CLOCK, arrived_desk="登记台 1"
    )

    with pytest.raises(DayNotOver) as refused:
        close(site, chief, {batch.pk: 100})
    assert refused.value.facts == {"present": 1, "conflicts": 0}

    visit.status = VisitStatus.FINISHED
    visit.save()
    assert close(site, chief, {batch.pk: 100})


def test_every_conflict_must_have_been_looked_at(site, chief, batch) -> None:
    act = DeskAct.objects.create(
        key="k", site=site, device=uuid.uuid4(), sequence=1, kind=ActKind.CHECK_IN, desk="登记台 1", by=chief,
        sent_by=chief, happened_at=CLOCK, received_at=CLOCK, outcome=Outcome.CONFLICT, code="cancelled_meanwhile",
    )  # fmt: skip

    with pytest.raises(DayNotOver) as refused:
        close(site, chief, {batch.pk: 100})
    assert refused.value.facts == {"present": 0, "conflicts": 1}

    ConflictAnswer.objects.create(act=act, decision="seen", by=chief, at=CLOCK)
    assert close(site, chief, {batch.pk: 100})


def test_what_moves_after_the_closing_is_seen(site, chief, batch) -> None:
    close(site, chief, {batch.pk: 100})
    StockMovement.objects.create(batch=batch, kind=MovementKind.USED, doses=-1, by=chief, at=CLOCK, key="late")

    assert close_of(site, day=TODAY).moved_since == 1


def test_the_correction_of_the_closing_itself_is_no_later_movement(site, chief, batch) -> None:
    close(site, chief, {batch.pk: 98}, "两支打破了，忘记登记")

    assert close_of(site, day=TODAY).moved_since == 0


def test_a_closed_day_can_be_opened_again_with_a_reason(site, chief, batch) -> None:
    close(site, chief, {batch.pk: 100})

    with pytest.raises(StockRefused):
        reopen_day(site=site, day=TODAY, reason="错", by=chief, now=CLOCK)
    reopen_day(site=site, day=TODAY, reason="还有一台设备没上传", by=chief, now=CLOCK)

    assert close_of(site, day=TODAY) is None
    assert AuditEntry.objects.filter(action="reopen_day").count() == 1
    with pytest.raises(NotFound):
        reopen_day(site=site, day=TODAY, reason="还有一台设备没上传", by=chief, now=CLOCK)
