"""The gate: the only part that talks to Redis. It says who may try; the ledger says who has it."""

from booking.admission.breaker import GateDown
from booking.admission.gate import (
    Answer,
    Try,
    Verdict,
    admit,
    admit_many,
    admit_together,
    drop_hold,
    forget,
    hand_over,
    ping,
    places_left,
    release,
    set_closed,
    set_many,
    set_quota,
    set_releases,
    settle_many,
    snapshot,
)
from booking.admission.holds import Held, drop_holds, forget_holds, held_by, remember_holds
from booking.admission.kept import held_at, is_kept, kept_at_gate, kept_claim, take_out
from booking.admission.loading import SlotState, Summary, begin_load_many, finish_load_many, summaries
from booking.admission.memory import used_bytes
from booking.admission.queues import count_queue, join_queue

__all__ = [
    "Answer",
    "GateDown",
    "Held",
    "SlotState",
    "Summary",
    "Try",
    "Verdict",
    "admit",
    "admit_many",
    "admit_together",
    "begin_load_many",
    "count_queue",
    "drop_hold",
    "drop_holds",
    "finish_load_many",
    "forget",
    "forget_holds",
    "hand_over",
    "held_at",
    "held_by",
    "is_kept",
    "join_queue",
    "kept_at_gate",
    "kept_claim",
    "ping",
    "places_left",
    "release",
    "remember_holds",
    "set_closed",
    "set_many",
    "set_quota",
    "set_releases",
    "settle_many",
    "snapshot",
    "summaries",
    "take_out",
    "used_bytes",
]
