"""How many steps are made, and which: STATEFUL_STEPS, STATEFUL_SEED and STATEFUL_SHRINK of the environment."""

import os

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.machine import Machine

STEPS, SEED = int(os.environ.get("STATEFUL_STEPS", "4000")), int(os.environ.get("STATEFUL_SEED", "1"))
_PHASES = [Phase.generate, *([Phase.shrink] if os.environ.get("STATEFUL_SHRINK") else [])]
_A_RUN = 50


def run_steps(machine: type[Machine], steps: int = STEPS) -> None:
    """Some fifty steps from an empty city, and again, until there were so many."""
    how = settings(
        max_examples=max(steps // _A_RUN, 1), stateful_step_count=_A_RUN, deadline=None, database=None,
        print_blob=False, phases=_PHASES, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(seed(SEED)(machine), settings=how)


def finds(machine: type[Machine]) -> str:
    """What is found in at most as many steps as usual; fails if nothing is."""
    try:
        run_steps(machine)
    except BaseException:
        # Hypothesis may have its own words for what chance does not repeat: what was found is told by the machine.
        if machine.found:
            return machine.found
        raise
    raise AssertionError(f"nothing found in {machine.steps} steps")
