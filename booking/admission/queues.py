"""Who has come to the queue of a release, by the fraction that the queue's seed gives each person: no names here."""

from booking.admission.connection import Call, Script, connection
from booking.admission.keys import queue_keys


def join_queue(queue_id: int, fraction: int, *, opens_ms: int, behind: int, keep_seconds: int) -> int:
    """0 if the person came before the opening by the gate's clock, else their number behind; the same for a repeat.

    `behind` is the last number that the ledger knows was given: no lower one is given again.
    """
    arguments = (fraction, opens_ms, behind, keep_seconds)
    return int(connection().run([Call(Script.named("join_queue"), queue_keys(queue_id), arguments)])[0])


def count_queue(queue_id: int) -> tuple[int, int]:
    """How many came before the opening, and the last number that was given behind them."""
    early, behind = connection().run([Call(Script.named("count_queue"), queue_keys(queue_id))])[0]
    return int(early), int(behind)
