"""Two devices tell the same dose in one moment: one record, one dose from the batch, and the other is looked at."""

import functools
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from booking.models import ActKind, Appointment, DeskAct, StockMovement, VaccinationRecord, Visit, VisitStatus
from booking.operations.desk import carry_out as module
from booking.operations.desk.act import Scene
from booking.operations.desk.carry_out import carry_out
from tests.desk_factories import make_act, make_batch, make_desk, make_slot_now, make_visit
from tests.factories import CLOCK, make_appointment
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
DATA = {
    "batch": "FLU2611",
    "body_site": "left_arm",
    "route": "intramuscular",
    "lift": ["not_asked"],
    "lift_reason": "医生当面同意",
}


@pytest.fixture
def scene():
    appointment = make_appointment(make_slot_now())
    site = appointment.slot.site
    make_visit(appointment, status=VisitStatus.TRIAGED)
    make_batch(site, appointment.programme.vaccine)
    return site, appointment, make_desk(site, "vaccination", "screening")


def dose(site, appointment, nurse, **fields):
    act = make_act(ActKind.VACCINATE, appointment, nurse, data=DATA, **fields)
    return functools.partial(carry_out, act, site=site, sent_by=nurse.pk, now=CLOCK)


def used():
    return StockMovement.objects.filter(kind="USED").count(), VaccinationRecord.objects.count()


@pytest.mark.parametrize("offline", [False, True])
def test_of_ten_devices_that_tell_one_dose_nine_are_looked_at(scene, offline):
    results = all_at_once([dose(*scene, offline=offline) for _ in range(10)])

    assert sorted((one.outcome, one.code) for one in results) == [
        *[("conflict", "already_given")] * 9,
        ("done", ""),
    ]
    assert used() == (1, 1)
    assert DeskAct.objects.count() == 10


def test_one_device_that_tells_its_dose_ten_times_is_answered_the_same_ten_times(scene):
    act = dose(*scene)

    results = all_at_once([act] * 10)

    assert {(one.outcome, one.code) for one in results} == {("done", "")}
    assert [one.repeated for one in results].count(False) == 1
    assert used() == (1, 1)


def unlocked(act, site, *_more):
    """The scene, read without waiting for anybody."""
    row = Appointment.objects.filter(reference=act.reference).first()
    roles = frozenset({"vaccination", "screening"})
    return Scene(site, roles, row, Visit.objects.filter(appointment=row).first())


def test_twin_without_the_locks_the_constraint_stops_the_second_dose_and_nobody_is_told(scene, monkeypatch):
    monkeypatch.setattr(module, "_scene", unlocked)
    outcome = []

    def second():
        try:
            outcome.append(dose(*scene)())
        except IntegrityError as error:
            outcome.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        assert dose(*scene)().outcome == "done"
        other = threading.Thread(target=second)
        other.start()
        # It has read that nothing was given, and waits for the record that is being written.
        other.join(1)
    other.join(20)

    assert "one_record_per_visit" in str(outcome[0])
    assert used() == (1, 1)
    assert DeskAct.objects.count() == 1
