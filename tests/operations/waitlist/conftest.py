import pytest

from tests.waitlist_factories import Leftovers


@pytest.fixture
def at_eleven(now):
    return now.replace(hour=11)


@pytest.fixture
def leftovers(at_eleven, db):
    return Leftovers(at_eleven)
