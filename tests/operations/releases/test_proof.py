"""A proof of work opens one door once, for one account; waiting does the same for whoever cannot run a script."""

import base64
import json
from datetime import timedelta

import altcha
import pytest
import time_machine

from booking.operations.refusals import ProofNeeded
from booking.operations.releases.proof import press, refuse_without_proof
from tests.factories import CLOCK


@pytest.fixture(autouse=True)
def clock():
    # The library looks at the machine's clock.
    with time_machine.travel(CLOCK, tick=False) as clock:
        yield clock


def _ask(proof="", *, account=1, what="queue-1", now=CLOCK):
    refuse_without_proof(account_id=account, what=what, proof=proof, now=now)


def _needed(**asked):
    with pytest.raises(ProofNeeded) as refused:
        _ask(**asked)
    return refused.value.facts


def _solved(challenge):
    made = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(made)
    return base64.b64encode(json.dumps(altcha.Payload(challenge=made, solution=solution).to_dict()).encode()).decode()


def test_a_solved_challenge_opens_once():
    proof = _solved(_needed()["challenge"])

    _ask(proof)

    _needed(proof=proof)


@pytest.mark.parametrize("other", [{"account": 2}, {"what": "queue-2"}])
def test_it_is_the_accounts_own_and_for_one_thing(other):
    proof = _solved(_needed()["challenge"])

    _needed(proof=proof, **other)


def test_it_lives_five_minutes(clock):
    proof = _solved(_needed()["challenge"])
    clock.shift(timedelta(minutes=5, seconds=1))

    _needed(proof=proof, now=CLOCK + timedelta(minutes=5, seconds=1))


@pytest.mark.parametrize(
    "change",
    [{"cost": 1}, {"keyPrefix": ""}, {"expiresAt": 2_000_000_000}, {"data": {"for": "x"}}, {"keySignature": ""}],
)
def test_a_challenge_that_was_changed_is_none(change):
    payload = json.loads(base64.b64decode(_solved(_needed()["challenge"])))
    payload["challenge"]["parameters"] |= change

    _needed(proof=base64.b64encode(json.dumps(payload).encode()).decode())


@pytest.mark.parametrize("proof", ["", "x", "e30=", base64.b64encode(b"[1]").decode(), "🙂", "1.2:3", "A" * 2000])
def test_nonsense_is_no_proof(proof):
    assert set(_needed(proof=proof)) == {"challenge", "wait", "wait_seconds"}


def test_an_unsolved_challenge_is_no_proof():
    challenge = _needed()["challenge"]
    guess = {"challenge": challenge, "solution": {"counter": 1, "derivedKey": "00" * 32, "time": 1}}

    _needed(proof=base64.b64encode(json.dumps(guess).encode()).decode())


def test_waiting_half_a_minute_is_as_good_once_and_not_before():
    wait = _needed()["wait"]
    half_a_minute = CLOCK + timedelta(seconds=30)

    _needed(proof=wait, now=half_a_minute - timedelta(seconds=1))
    _needed(proof=wait, account=2, now=half_a_minute)
    _ask(wait, now=half_a_minute)

    _needed(proof=wait, now=half_a_minute)


def test_nobody_waits_now_for_a_rush_of_tomorrow():
    wait = _needed()["wait"]

    _needed(proof=wait, now=CLOCK + timedelta(minutes=6))


def test_only_a_rush_is_pressure(settings):
    settings.PROOF_ABOVE = 5

    assert [press("queue-1", now=CLOCK) for _ in range(6)] == [False] * 5 + [True]
    assert press("queue-2", now=CLOCK) is False
    assert press("queue-1", now=CLOCK + timedelta(seconds=10)) is True
    assert press("queue-1", now=CLOCK + timedelta(seconds=30)) is False
