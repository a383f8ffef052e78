"""Many acts of one device at once: each on its own, in the order in which they were done."""

import logging
import traceback
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError

from booking.operations.desk.act import Act
from booking.operations.desk.answer import ERROR, NOT_YET, Answer
from booking.operations.desk.carry_out import carry_out
from sites.models import Site

log = logging.getLogger(__name__)


def carry_out_batch(
    acts: Sequence[Act], *, site: Site, sent_by: int, roles: frozenset[str] | None = None, now: datetime
) -> list[Answer]:
    """Carry the acts out, each in a transaction of its own; returns one answer for each, in the order they were given.

    Nothing in a batch stops the rest: an act that we fail at is answered with an error and is to be sent again.
    """
    answers: dict[int, Answer] = {}
    waiting = sorted(range(len(acts)), key=lambda position: _order(acts[position]))
    while waiting:
        for position in waiting:
            answers[position] = _carried_out(acts[position], site=site, sent_by=sent_by, roles=roles, now=now)
        # A clock that was put right may have turned the order round: what waited for another one goes once more.
        arrived = {acts[position].key for position in waiting if answers[position].outcome not in (NOT_YET, ERROR)}
        left = [p for p in waiting if answers[p].outcome == NOT_YET and acts[p].after in arrived]
        waiting = left if len(left) < len(waiting) else []
    return [answers[position] for position in range(len(acts))]


def _order(act: Act) -> tuple[float, int]:
    return act.happened_at.timestamp(), act.sequence


def _carried_out(act: Act, **how: Any) -> Answer:
    try:
        try:
            return carry_out(act, **how)
        except OperationalError:
            # Two that locked the same rows the other way round: one of them has to step back.
            return carry_out(act, **how)
    except Exception as fault:
        # Without the fault's message and values: they may name somebody.
        where = traceback.extract_tb(fault.__traceback__)[-1]
        log.error("%s of a desk failed: %s in %s:%s", act.kind, type(fault).__name__, where.filename, where.lineno)
        return Answer(act.key, ERROR, ERROR, reference=act.reference)
