"""The gate's functions: Python in, Lua call, Python out. It knows numbers and claims, never models.

All raise GateDown when Redis does not answer; then the caller goes on from the ledger. Of a cluster only a part may be
gone: what a function then does is said where it is not to raise GateDown after the others have done their part.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from booking.admission.breaker import GateDown
from booking.admission.connection import Call, Script, connection
from booking.admission.keys import left_key, loading_key, slot_keys
from booking.admission.loading import DOUBT_SECONDS

_PORTION = 2000


class Verdict(Enum):
    """What the gate says to a claim."""

    NEW = b"new"
    HAD = b"had"
    PAST = b"past"
    FULL = b"full"
    LOST = b"lost"
    CLOSED = b"closed"
    NOT_OPEN = b"not_open"
    UNKNOWN = b"unknown"


@dataclass(frozen=True, slots=True)
class Try:
    """A claim asks for a place in a slot, for `lease` seconds; `held` accepts only a place it already has.

    `reading` names strings that are wanted on the same way; they come back as the answer's `beside`.
    """

    slot_id: int
    claim: str
    lease: float
    held: bool = False
    reading: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict; the place number for NEW and HAD; the release time in epoch milliseconds for NOT_OPEN.

    `doubted`, of FULL: may be said to somebody who is booked, because the gate has lost what it knew a moment ago.
    """

    verdict: Verdict
    place: int | None = None
    opens_ms: int | None = None
    doubted: bool = False
    beside: tuple[bytes | None, ...] = ()


def admit_many(tries: Sequence[Try]) -> list[Answer | GateDown]:
    """Ask for many places in one round trip, and read what each try wants read beside it.

    Where only a part of the gate answers, the rest gets a GateDown in place of its answer.
    """
    script = Script.named("admit")
    calls = [Call(script, slot_keys(t.slot_id), (t.claim, int(t.lease * 1000), "1" if t.held else "0")) for t in tries]
    # Each string once, however many tries want it.
    wanted = list({key: None for t in tries for key in t.reading})
    found, strings = connection().run_and_read(calls, wanted)
    beside = dict(zip(wanted, strings, strict=True))
    return [
        row if isinstance(row, GateDown) else _answer(row, tuple(beside[key] for key in t.reading))
        for t, row in zip(tries, found, strict=True)
    ]


def admit_together(tries: Sequence[Try]) -> list[Answer]:
    """Ask for many places in one round trip; in each slot all new ones get one or none does.

    What crosses slots is not decided here: whoever got less than all gives back what is NEW.
    """
    script = Script.named("admit_together")
    by_slot: dict[int, list[Try]] = {}
    for wanted in tries:
        by_slot.setdefault(wanted.slot_id, []).append(wanted)
    calls = [
        Call(
            script,
            slot_keys(slot_id),
            [part for t in asked for part in (t.claim, int(t.lease * 1000), "1" if t.held else "0")],
        )
        for slot_id, asked in by_slot.items()
    ]
    found = connection().run(calls) if calls else []
    rows = {slot_id: iter(answers) for slot_id, answers in zip(by_slot, found, strict=True)}
    return [_answer(next(rows[t.slot_id]), ()) for t in tries]


def _answer(found: list[bytes | int], beside: tuple[bytes | None, ...]) -> Answer:
    verdict = Verdict(found[0])
    if verdict in (Verdict.NEW, Verdict.HAD):
        return Answer(verdict, place=int(found[1]), beside=beside)
    if verdict is Verdict.NOT_OPEN:
        return Answer(verdict, opens_ms=int(found[1]), beside=beside)
    if verdict is Verdict.FULL:
        # A gate that failed may have come back as an older state: it takes somebody's place for a free one until the
        # ledger refuses the number, and meanwhile gives it to another to hold.
        return Answer(verdict, doubted=bool(found[1]) or connection().has_failed_within(DOUBT_SECONDS), beside=beside)
    return Answer(verdict, beside=beside)


def admit(slot_id: int, claim: str, *, lease: float, held: bool = False) -> Answer:
    """Ask for one place, kept for `lease` seconds until it is settled."""
    answer = admit_many([Try(slot_id, claim, lease, held)])[0]
    assert isinstance(answer, Answer)
    return answer


def settle_many(settled: Iterable[tuple[int, str, int]]) -> None:
    """(slot, claim, place): the ledger has these; their leases end. Also sets the number the ledger gave."""
    script = Script.named("settle")
    calls = [Call(script, slot_keys(slot_id), (claim, place)) for slot_id, claim, place in settled]
    if calls:
        connection().run(calls)


def release(slot_id: int, claim: str) -> int:
    """Give a place back that the ledger has freed; the claim is remembered. Returns the number, 0 if it had none."""
    return int(connection().run([Call(Script.named("release"), slot_keys(slot_id), (claim, "0", "1"))])[0])


def drop_hold(slot_id: int, claim: str) -> int:
    """Give a held place back, unless the ledger has it by now. Returns the number, 0 if there was nothing to drop."""
    return int(connection().run([Call(Script.named("release"), slot_keys(slot_id), (claim, "1", "0"))])[0])


def hand_over(slot_id: int, giver: str, receiver: str, *, lease: float = 0) -> int:
    """Pass a place on without it becoming free. `lease` 0: the ledger has it. Returns the number, 0 if none."""
    call = Call(Script.named("hand_over"), slot_keys(slot_id), (giver, receiver, int(lease * 1000)))
    return int(connection().run([call])[0])


def set_quota(slot_id: int, quota: int) -> None:
    """Push the quota that the ledger has committed."""
    set_many([(slot_id, quota)], ())


def set_closed(slot_id: int, closed: bool) -> None:
    """Push that the ledger has closed the slot, or opened it again."""
    set_many((), [(slot_id, closed)])


def set_releases(changed: Sequence[tuple[int, int, int]]) -> None:
    """(slot, quota, opens_ms): push what the ledger has committed, in one round trip for 2,000 slots."""
    script = Script.named("set_quota")
    for start in range(0, len(changed), _PORTION):
        portion = changed[start : start + _PORTION]
        connection().run([Call(script, _changed(slot_id), rest) for slot_id, *rest in portion])


def set_many(quotas: Iterable[tuple[int, int]], closed: Iterable[tuple[int, bool]]) -> None:
    """Push quotas and closings that the ledger has committed, in one round trip."""
    quota, close = Script.named("set_quota"), Script.named("set_closed")
    calls = [Call(quota, _changed(slot_id), (number, "")) for slot_id, number in quotas]
    calls += [Call(close, _changed(slot_id), ("1" if is_closed else "0",)) for slot_id, is_closed in closed]
    if calls:
        connection().run(calls)


def _changed(slot_id: int) -> tuple[str, ...]:
    return *slot_keys(slot_id), loading_key(slot_id)


def places_left(slot_ids: Sequence[int]) -> dict[int, int]:
    """Places left of each loaded slot, in one round trip for 2,000.

    Slots that are not loaded, or in a part of the gate that does not answer, are missing.
    """
    found: dict[int, int] = {}
    # In portions: the whole city in one command would keep everybody else waiting at the gate.
    for start in range(0, len(slot_ids), _PORTION):
        portion = slot_ids[start : start + _PORTION]
        values = connection().values_partly([left_key(slot_id) for slot_id in portion])
        known = zip(portion, values, strict=True)
        found.update((slot_id, int(left)) for slot_id, left in known if isinstance(left, bytes))
    return found


def snapshot(slot_id: int) -> dict[str, int]:
    """Every claim of a slot with its place number, holds included."""
    found = connection().hash(slot_keys(slot_id)[3])
    return {claim.decode(): int(place) for claim, place in found.items()}


def forget(slot_id: int) -> None:
    """Drop what the gate knows of a slot; the next caller loads it from the ledger."""
    connection().delete(_changed(slot_id))


def ping() -> None:
    """Raises GateDown unless the gate answers."""
    connection().ping()
