"""Whatever people, administrators and mishaps do one after the other, the answers and the promises are the model's.

Some three thousand steps, always the same. STATEFUL_STEPS=100000 does more of them and STATEFUL_SEED=7 others;
STATEFUL_SHRINK=1 looks for the shortest way to a failure, which takes minutes.
"""

import os
import sys

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.breaking import Crossings, Gate
from tests.stateful.city import City
from tests.stateful.machine import Machine

pytestmark = pytest.mark.django_db(transaction=True)
STEPS, SEED = int(os.environ.get("STATEFUL_STEPS", "3000")), int(os.environ.get("STATEFUL_SEED", "1"))
PHASES = [Phase.generate, *([Phase.shrink] if os.environ.get("STATEFUL_SHRINK") else [])]
_A_RUN = 50
USUAL = settings(
    max_examples=max(STEPS // _A_RUN, 1), stateful_step_count=_A_RUN, deadline=None, database=None, print_blob=False,
    phases=PHASES, suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def machine(monkeypatch):
    """A machine with a city of its own."""
    with Crossings().installed(monkeypatch) as crossings:
        yield type("Run", (Machine,), {"city": City(), "gate": Gate(), "crossings": crossings, "steps": 0})


def _run(machine, how=USUAL) -> None:
    run_state_machine_as_test(seed(SEED)(machine), settings=how)


def test_every_answer_and_everything_in_the_ledger_is_as_the_model_says(machine) -> None:
    _run(machine)

    sys.stdout.write(f"{machine.steps} acts, seed {SEED}\n")
    assert machine.steps > STEPS / 4
