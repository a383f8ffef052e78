"""A site with leftover doses, and a citizen at its pages."""

import pytest
import time_machine

from booking.models import Offer
from tests.factories import make_patient
from tests.waitlist_factories import Leftovers
from tests.web.waitlist.at_the_page import signed_in


@pytest.fixture
def leftovers(now):
    return Leftovers(now.replace(hour=11))


@pytest.fixture(autouse=True)
def clock(leftovers):
    with time_machine.travel(leftovers.now, tick=False) as machine:
        yield machine


@pytest.fixture
def patient(leftovers):
    return make_patient(name="王秀兰", district_code=leftovers.site.district_id)


@pytest.fixture
def browser(patient):
    return signed_in(patient.user)


@pytest.fixture
def offer(leftovers, patient):
    leftovers.waits(patient)
    leftovers.begins()
    return Offer.objects.get()
