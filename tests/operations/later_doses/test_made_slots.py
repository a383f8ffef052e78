"""Slots of a series are made with places kept for later doses, whoever makes them; a plan says so beforehand."""

from datetime import time, timedelta

import pytest

from booking.models import Slot
from booking.operations.quotas.publish_slots import publish_slots
from tests.factories import make_administrator, make_programme, make_site, make_two_dose_programme
from tests.operations.quotas.changing import carry_out, confirm, look, plan_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def steward():
    return make_administrator()


def published(programme, now, days=5):
    day = now.date() + timedelta(days=days)
    (slot,) = publish_slots(
        site=make_site(), programme=programme, day=day, times=[(time(9), time(9, 30))], quota=20, opens_at=now,
        by=None, now=now,
    )  # fmt: skip
    return slot.quota, slot.kept_doses


def test_a_published_day_keeps_the_programmes_share(now):
    assert published(make_two_dose_programme(kept_for_later_doses=30), now) == (14, 6)


def test_one_dose_or_a_day_that_is_near_keeps_none(now):
    assert published(make_programme(kept_for_later_doses=30), now) == (20, 0)
    assert published(make_two_dose_programme(kept_for_later_doses=30), now, days=1) == (20, 0)


def test_a_plan_says_what_it_keeps_and_keeps_it(now, steward):
    sites, programme = [make_site()], make_two_dose_programme(kept_for_later_doses=30)

    change = look("plan", sites, plan_of(programme, places=20), steward, now)
    confirm(change, now)
    carry_out(change, now)

    slots = Slot.objects.filter(programme=programme)
    assert {(slot.quota, slot.kept_doses) for slot in slots} == {(14, 6)}
    assert change.summary["counts"]["kept_doses"] == 6 * slots.count()
    again = look("plan", sites, plan_of(programme, places=20), steward, now)
    assert again.summary["counts"]["same"] == slots.count()
