"""A machine with a city of its own."""

import pytest

from tests.stateful.breaking import Crossings, Gate
from tests.stateful.city import City
from tests.stateful.machine import Machine


@pytest.fixture
def run(monkeypatch, settings) -> type[Machine]:
    """To be run once."""
    settings.FREED_PLACE_DELAY_MINUTES = 0
    with Crossings().installed(monkeypatch) as crossings:
        yield type("Run", (Machine,), {"city": City(), "gate": Gate(), "crossings": crossings, "steps": 0})
