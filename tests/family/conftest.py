import pytest
import time_machine
from django.test import Client


@pytest.fixture
def signed_in():
    """A browser in which the citizen has signed in."""

    def of(citizen) -> Client:
        client = Client()
        client.force_login(citizen)
        return client

    return of


@pytest.fixture
def time_machine_at():
    """`with time_machine_at(moment):` - the clock of everything stands there."""
    return lambda moment: time_machine.travel(moment, tick=False)
