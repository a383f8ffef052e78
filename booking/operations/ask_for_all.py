"""Asking the gate for several places that are wanted together, in one round trip."""

import random
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from booking import admission
from booking.admission import Answer, GateDown, Try, Verdict
from booking.operations.refusals import Busy, NotFound
from booking.queries.load_gate import load_slot

# In two slots at once two families may each have taken what the other one lacks; both give back and try again.
_TRIES = 3
_MOST_SECONDS_BETWEEN = 0.03


def ask_for_all(tries: Sequence[Try], *, now: datetime) -> list[Answer]:
    """The gate's answer to each; loads slots that it does not know. Where one says no, the caller gives back the rest.

    Raises GateDown, NotFound for a slot that does not exist, and Busy if a slot cannot be loaded.
    """
    for turn in range(_TRIES):
        answers = _ask(tries, now=now)
        verdicts = {answer.verdict for answer in answers}
        if turn == _TRIES - 1 or not {Verdict.NEW, Verdict.FULL} <= verdicts:
            break
        give_back(tries, answers)
        time.sleep(random.uniform(0, _MOST_SECONDS_BETWEEN))
    return answers


def give_back(tries: Sequence[Try], answers: Sequence[Answer]) -> None:
    """Give back the places that these answers gave; those found taken are somebody's appointment or hold."""
    drop(wanted for wanted, answer in zip(tries, answers, strict=True) if answer.verdict is Verdict.NEW)


def drop(taken: Iterable[Try]) -> None:
    """Give these places back, unless the ledger has them by now."""
    # Without the gate the leases bring them back.
    with suppress(GateDown):
        admission.drop_holds((wanted.slot_id, wanted.claim) for wanted in taken)


def _ask(tries: Sequence[Try], *, now: datetime) -> list[Answer]:
    answers = admission.admit_together(tries)
    unknown = [position for position, answer in enumerate(answers) if answer.verdict is Verdict.UNKNOWN]
    if unknown:
        for slot_id in {tries[position].slot_id for position in unknown}:
            if not load_slot(slot_id, now=now):
                give_back(tries, answers)
                raise NotFound(what="slot").about(slot=slot_id)
        again = admission.admit_together([tries[position] for position in unknown])
        for position, answer in zip(unknown, again, strict=True):
            answers[position] = answer
        if any(answer.verdict is Verdict.UNKNOWN for answer in answers):
            give_back(tries, answers)
            raise Busy()
    return answers
