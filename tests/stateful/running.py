"""How many steps are made, and which: STATEFUL_STEPS, STATEFUL_SEED and STATEFUL_SHRINK of the environment."""

import os

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.machine import Machine

STEPS, SEED = int(os.environ.get("STATEFUL_STEPS", "4000")), int(os.environ.get("STATEFUL_SEED", "1"))
_PHASES = [Phase.generate, *([Phase.shrink] if os.environ.get("STATEFUL_SHRINK") else [])]
_A_RUN = 50
_TRIES, _TWINS_TRIES = 10, 4


def run_steps(machine: type[Machine], steps: int = STEPS, first_seed: int = SEED) -> None:
    """Some fifty steps from an empty city, and again, until there were so many."""
    for number in range(_TRIES):
        how = settings(
            max_examples=max((steps - machine.steps) // _A_RUN, 1), stateful_step_count=_A_RUN, deadline=None,
            database=None, print_blob=False, phases=_PHASES, suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        try:
            run_state_machine_as_test(seed(first_seed + number)(machine), settings=how)
        except Flaky:
            # Place numbers are drawn by lot, so what Hypothesis made once need not come again. That is no fault, unless
            # the machine found one; the rest is made from another seed.
            if machine.found or machine.steps >= steps:
                raise
        else:
            return


def finds(machine: type[Machine]) -> str:
    """What is found in a few times as many steps as usual; fails if nothing is."""
    for number in range(_TWINS_TRIES):
        machine.steps = 0
        try:
            run_steps(machine, first_seed=SEED + 100 * number)
        except BaseException:
            # Hypothesis may have its own words for what chance does not repeat: what was found the machine tells.
            if not machine.found:
                raise
        if machine.found:
            return machine.found
    raise AssertionError(f"nothing found in {_TWINS_TRIES} times {machine.steps} steps")
