"""Whatever people, administrators and mishaps do one after the other, the answers and the promises are the model's.

Some thousands of steps, always the same. STATEFUL_STEPS=100000 makes more of them and STATEFUL_SEED=7 others;
STATEFUL_SHRINK=1 looks for the shortest way to a failure, which takes minutes.
"""

import sys

import pytest

from tests.stateful.running import SEED, STEPS, run_steps

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_answer_and_everything_in_the_ledger_is_as_the_model_says(run) -> None:
    run_steps(run)

    sys.stdout.write(f"{run.steps} steps, seed {SEED}\n")
    assert run.steps > STEPS / 2
