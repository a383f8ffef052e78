"""When a site may offer its leftover doses."""

from datetime import timedelta

import pytest
from django_q.models import OrmQ

from booking.models import Batch, LeftoverRound
from booking.operations.quotas.set_quota import close_slot
from booking.operations.refusals import NotFound, Paused
from booking.operations.releases.pausing import begin_pause
from booking.operations.waitlist.refusals import CannotBegin
from booking.schedules import SCHEDULES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("minutes", "reason"), [(19, "too_soon"), (-60, "too_soon"), (24 * 60, "not_today")])
def test_not_for_another_day_and_not_without_time_to_come(leftovers, minutes, reason):
    with pytest.raises(CannotBegin) as refused:
        leftovers.begins(until=leftovers.now + timedelta(minutes=minutes))

    assert refused.value.facts == {"reason": reason}
    assert not LeftoverRound.objects.exists()


def test_not_while_the_last_round_is_running(leftovers):
    leftovers.begins()

    with pytest.raises(CannotBegin) as refused:
        leftovers.begins()

    assert refused.value.facts == {"reason": "running"}


def test_not_without_an_open_slot_of_today(leftovers):
    close_slot(slot_id=leftovers.slot.pk, by=leftovers.supervisor.pk, now=leftovers.now)

    with pytest.raises(CannotBegin) as refused:
        leftovers.begins()

    assert refused.value.facts == {"reason": "no_slot"}


def test_not_while_booking_is_paused(leftovers):
    begin_pause(text="演练", text_en="Rehearsal", by=leftovers.supervisor.pk, now=leftovers.now)

    with pytest.raises(Paused):
        leftovers.begins()


@pytest.mark.parametrize("doses", [0, 51])
def test_not_none_and_not_more_than_fifty(leftovers, doses):
    with pytest.raises(ValueError, match="doses"):
        leftovers.begins(doses=doses)


def test_the_batch_is_one_of_the_sites_own_that_is_not_finished(leftovers):
    vaccine = leftovers.programme.vaccine
    batch = Batch.objects.create(site=leftovers.site, vaccine=vaccine, number="A1", expires_on=leftovers.now.date())

    with pytest.raises(NotFound):
        leftovers.begins(batch="A2")
    assert leftovers.begins(batch="A1").batch == batch


def test_the_first_people_are_asked_by_a_job_of_the_same_transaction_and_by_the_clock(leftovers):
    before = OrmQ.objects.count()

    leftovers.begins()

    assert OrmQ.objects.count() == before + 1
    assert ("booking.jobs.advance_leftovers", 1) in [(one.job, one.minutes) for one in SCHEDULES]
