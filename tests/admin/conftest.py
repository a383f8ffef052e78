"""An administrator who is signed in."""

from datetime import datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.factories import sign_in


@pytest.fixture
def administrator(db) -> User:
    return User.objects.create(username="administrator", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(administrator: User, client: Client, now: datetime):
    """The administrator's browser, at the tests' time."""
    with time_machine.travel(now, tick=False):
        sign_in(client, administrator)
        yield client
