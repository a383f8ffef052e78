"""A site, a desk in it, and what is done at the desk."""

from datetime import timedelta

import pytest

from booking.models import ActKind
from booking.operations.desk.carry_out import carry_out
from tests.desk_factories import make_act, make_desk
from tests.factories import make_site


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def desk(site):
    return make_desk(site)


@pytest.fixture
def tell(site, now):
    """An act comes from a device; by default as soon as it was done."""

    def run(act, *, sent_by=None, at_site=None, received=None):
        received = received or max(now, act.happened_at) + timedelta(milliseconds=200)
        return carry_out(act, site=at_site or site, sent_by=sent_by or act.by, now=received)

    return run


@pytest.fixture
def scan(desk, tell):
    """Somebody's code is scanned at the desk."""

    def run(appointment, *, by=None, received=None, **fields):
        return tell(make_act(ActKind.CHECK_IN, appointment, by or desk, **fields), received=received)

    return run
