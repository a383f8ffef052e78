"""What becomes of people whose place a change takes."""

from datetime import timedelta

import pytest

from booking.models import Appointment, ChangeState, QuotaChange, Status, WithAppointments
from booking.operations.quotas import apply_change
from booking.operations.quotas.apply_change import carry_on, start_undo
from booking.queries.audit import audit
from booking.queries.quotas.undo import outlook
from tests.factories import make_administrator, make_programme, make_site, make_slot
from tests.operations.quotas.changing import apply, carry_out, confirm, days, look
from tests.operations.quotas.test_applying import at, fill

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def steward():
    return make_administrator()


@pytest.fixture
def full(now):
    """A slot with three people, and another at the same site a week later with room for all of them."""
    site, programme = make_site(), make_programme()
    slot = make_slot(site, programme, quota=3, starts_at=at("08:00"))
    make_slot(site, programme, quota=9, starts_at=at("08:00") + timedelta(days=1))
    fill(slot, 3, now)
    return slot


def test_people_of_a_closed_slot_are_cancelled_and_told(full, steward, now):
    change = apply(
        "close", [full.site], days(), steward, now, appointments=WithAppointments.CANCEL, reason="停电"
    )  # fmt: skip

    assert set(Appointment.objects.values_list("status", flat=True)) == {Status.CANCELLED}
    assert change.summary["people"] == {"moved": 0, "cancelled": 3, "left": 0}
    assert audit(now=now).is_clean


def test_whoever_is_kept_stays(full, steward, now):
    apply("close", [full.site], days(), steward, now, reason="停电")

    assert set(Appointment.objects.values_list("status", "slot")) == {(Status.BOOKED, full.pk)}


def test_a_change_killed_before_its_people_were_told_tells_them_afterwards(full, steward, now, monkeypatch):
    change = look("close", [full.site], days(), steward, now)
    confirm(change, now, appointments=WithAppointments.CANCEL, reason="停电")
    monkeypatch.setattr(apply_change._Slice, "_tell_people", lambda *_: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        carry_on(change_id=change.pk, now=now)
    monkeypatch.undo()
    full.refresh_from_db()
    assert full.closed_at == now
    assert Appointment.objects.filter(status=Status.BOOKED).count() == 3

    carry_out(change, now)

    assert (change.state, change.done) == (ChangeState.DONE, 1)
    assert not Appointment.objects.filter(status=Status.BOOKED).exists()


def test_a_slot_whose_people_were_cancelled_stays_closed_by_an_undo(full, steward, now):
    change = apply("close", [full.site], days(), steward, now, appointments=WithAppointments.CANCEL, reason="停电")
    assert outlook(change, now=now) == {"moved": 1}

    start_undo(change_id=change.pk, by=steward.pk, now=now)
    carry_out(change, now)

    full.refresh_from_db()
    assert full.closed_at == now
    assert QuotaChange.objects.get().summary["undo_left_counts"] == {"moved": 1}


def test_of_a_slot_that_gets_smaller_the_latest_go_to_another_and_its_quota_follows(full, steward, now):
    other = make_slot(full.site, full.programme, quota=9, starts_at=at("08:30"))
    latest = Appointment.objects.order_by("booked_at", "pk").last()

    fewer = days(begins="08:00", ends="08:30", quota=2)

    change = apply("set", [full.site], fewer, steward, now, appointments=WithAppointments.MOVE)

    latest.refresh_from_db()
    full.refresh_from_db()
    assert (latest.status, latest.slot_id) == (Status.BOOKED, other.pk)
    assert (full.quota, full.appointments.count()) == (2, 2)
    assert change.summary["people"] == {"moved": 1, "cancelled": 0, "left": 0}
    assert audit(now=now).is_clean
