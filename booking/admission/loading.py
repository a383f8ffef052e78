"""What the gate is told of whole slots, and what it says of them: loading from the ledger, comparing with it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from booking.admission.breaker import GateDown
from booking.admission.connection import Call, Script, connection
from booking.admission.keys import loading_key, slot_keys

# How long a gate that has lost something is not believed when it is full: who got no answer tries again well within.
DOUBT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SlotState:
    """What the ledger says of a slot: everything that loading needs. Times in epoch milliseconds."""

    slot_id: int
    quota: int
    opens_ms: int
    closed: bool
    keep_seconds: int
    taken: Sequence[tuple[str, int]]
    past: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The gate's numbers of a slot, to be compared with the ledger's."""

    quota: int
    closed: bool
    settled: int
    holds: int
    lapsed: int
    free: int
    left: int
    opens_ms: int


def begin_load_many(slot_ids: Sequence[int], *, lock_seconds: float = 3) -> dict[int, tuple[str, int]]:
    """Win the right to load slots: (token, changes) of each.

    Those that somebody else is loading, or in a part of the gate that does not answer, are missing.
    """
    token, script = secrets.token_hex(8), Script.named("begin_load")
    calls = [
        Call(script, (slot_keys(slot_id)[0], loading_key(slot_id)), (token, int(lock_seconds * 1000)))
        for slot_id in slot_ids
    ]
    found = zip(slot_ids, connection().run_partly(calls), strict=True) if calls else ()
    return {
        slot_id: (token, int(answer[1]))
        for slot_id, answer in found
        if not isinstance(answer, GateDown) and answer[0] == b"yours"
    }


def finish_load_many(loads: Sequence[tuple[SlotState, tuple[str, int]]]) -> list[bool]:
    """Write what the ledger said of each slot, under the ticket of begin_load_many.

    False where the gate moved meanwhile, the lock was lost or no answer came: read again.
    """
    script = Script.named("finish_load")
    calls = []
    for state, (token, changes) in loads:
        pairs = [part for claim, place in state.taken for part in (claim, place)]
        arguments = (
            token, changes, state.quota, state.opens_ms, "1" if state.closed else "0", state.keep_seconds,
            int(DOUBT_SECONDS * 1000), len(state.past), *state.past, *pairs,
        )  # fmt: skip
        calls.append(Call(script, (*slot_keys(state.slot_id), loading_key(state.slot_id)), arguments))
    return [answer == 1 for answer in connection().run_partly(calls)] if calls else []


def summaries(slot_ids: Sequence[int], *, partly: bool = False) -> dict[int, Summary]:
    """The numbers of each loaded slot; slots that are not loaded are missing.

    `partly`: also those in a part of the gate that does not answer, as long as any does.
    """
    script = Script.named("summary")
    ask = connection().run_partly if partly else connection().run
    found = zip(slot_ids, ask([Call(script, slot_keys(slot_id)) for slot_id in slot_ids]), strict=True)
    return {
        slot_id: Summary(row[0], bool(row[1]), *row[2:])
        for slot_id, row in found
        if row and not isinstance(row, GateDown)
    }
