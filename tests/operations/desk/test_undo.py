"""A check-in is taken back where it was made, soon, and while nothing has come of it."""

import uuid
from datetime import timedelta

import pytest

from booking.models import ActKind, Appointment, AppointmentEvent, Status, Visit, VisitStatus
from booking.operations.desk import carry_out
from booking.operations.desk.act import Done
from tests.desk_factories import make_act, make_expected, make_slot_now
from tests.factories import CLOCK, make_appointment

pytestmark = pytest.mark.django_db

DEVICE = uuid.UUID(int=1)


@pytest.fixture
def undo(desk, tell):
    def run(appointment, *, seconds=30, device=DEVICE, **fields):
        at = CLOCK + timedelta(seconds=seconds)
        return tell(make_act(ActKind.UNDO_CHECK_IN, appointment, desk, at=at, device=device, **fields))

    return run


@pytest.fixture
def arrived(site, scan):
    [appointment] = make_expected(site, 1)
    scan(appointment, device=DEVICE)
    return appointment


def test_it_is_as_if_nobody_had_come(arrived, undo):
    answer = undo(arrived, seconds=60)

    arrived.refresh_from_db()
    assert answer.outcome == "done"
    assert (arrived.status, Visit.objects.get().status) == (Status.BOOKED, VisitStatus.CANCELLED)
    kinds = AppointmentEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["CHECKED_IN", "CHECK_IN_UNDONE"]


def test_who_comes_again_gets_another_number(arrived, undo, scan):
    undo(arrived)

    assert scan(arrived, at=CLOCK + timedelta(minutes=2)).facts["ticket"] == 2


@pytest.mark.parametrize(
    ("more", "reason"), [({"seconds": 61}, "time"), ({"device": uuid.UUID(int=2)}, "desk")], ids=["late", "elsewhere"]
)
def test_it_stands_when_it_is_too_late_or_another_desks(arrived, undo, more, reason):
    answer = undo(arrived, **more)

    arrived.refresh_from_db()
    assert (answer.outcome, answer.code, answer.facts) == ("refused", "cannot_undo", {"reason": reason})
    assert arrived.status == Status.CHECKED_IN


@pytest.mark.parametrize("offline", [False, True])
def test_it_stands_once_it_went_on(arrived, undo, offline):
    Visit.objects.update(status=VisitStatus.TRIAGED)

    answer = undo(arrived, offline=offline)

    assert answer.outcome == ("conflict" if offline else "refused")
    assert answer.facts == {"reason": "progress"}
    assert Visit.objects.get().status == VisitStatus.TRIAGED


def test_it_stands_once_somebody_was_called(arrived, undo, desk, tell, monkeypatch):
    monkeypatch.setitem(
        carry_out.HANDLERS, ActKind.CALL, lambda act, scene, now: Done(appointment=scene.appointment, visit=scene.visit)
    )
    tell(make_act(ActKind.CALL, arrived, desk))

    assert undo(arrived).facts == {"reason": "progress"}


def test_nobody_is_checked_in_and_there_is_nothing_to_take_back(site, undo):
    [appointment] = make_expected(site, 1)

    assert (undo(appointment).outcome, undo(appointment).code) == ("refused", "not_found")
    assert undo(appointment, offline=True).code == "nothing_to_undo"


def test_what_was_undone_without_the_network_leaves_another_desks_check_in_alone(arrived, undo):
    answer = undo(arrived, device=uuid.UUID(int=2), offline=True)

    assert (answer.outcome, answer.code) == ("done", "nothing_to_undo")
    assert Visit.objects.get().status == VisitStatus.ARRIVED


def test_somebody_who_had_cancelled_stays_cancelled(site, scan, undo):
    appointment = make_appointment(make_slot_now(site), place=None, status=Status.CANCELLED)
    Appointment.objects.filter(pk=appointment.pk).update(cancelled_at=CLOCK - timedelta(hours=1))
    scan(appointment, device=DEVICE, offline=True)

    undo(appointment, offline=True)

    appointment.refresh_from_db()
    assert (appointment.status, appointment.place) == (Status.CANCELLED, None)
