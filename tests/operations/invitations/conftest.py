"""A programme by invitation, and what the gateway was handed."""

import pytest
import time_machine

from accounts import channels
from booking.models import ReleaseMode
from tests.factories import CLOCK, make_programme


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False) as machine:
        yield machine


@pytest.fixture
def programme():
    return make_programme(release_mode=ReleaseMode.INVITATION, name="带状疱疹", name_en="Shingles")


@pytest.fixture
def gateway(monkeypatch):
    """The messages that left, in order."""
    sent: list[channels.Outgoing] = []
    monkeypatch.setattr(channels, "send", sent.append)
    return sent
