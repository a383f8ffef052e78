"""The model's appointments: held, booked, given up, taken back, moved."""

from tests.stateful.model import HOLD, LEASE, MOVES_ALLOWED, OK, UNDO, Held, Outcome, Row, World, doubted, pass_on, same


def gate_refuses(world: World, slot: int) -> list[str]:
    """What somebody who wants a new place there may be told; empty if they must get it."""
    if world.gate_away:
        return [] if world.has_room(slot) else ["slot_full"]
    if world.slots[slot].doubt:
        return ["slot_full", "slot_closed"]
    if world.slots[slot].closed:
        return ["slot_closed"]
    return [] if world.has_room(slot) else ["slot_full"]


def hold(world: World, patient: int, slot: int) -> list[Outcome]:
    """Keep a place for the patient; what they held before goes back."""
    if world.gate_away:
        return same(world, "busy")
    refused = gate_refuses(world, slot)
    if refused and not world.slots[slot].doubt:
        return same(world, *refused)
    after = world.copy()
    after.holds[patient] = Held(patient, slot, world.now + HOLD)
    return [Outcome(OK, after), *same(world, *refused)]


def book(world: World, key: str, patient: int, slot: int, claim: str | None) -> list[Outcome]:
    """Book with a request key, and with a held place if a claim is given."""
    before = world.row(key)
    if before is not None:
        return _repeat(world, before, (patient, slot, claim))
    if claim is not None and not world.gate_away:
        return _book_held(world, key, patient, slot, claim)
    refused = gate_refuses(world, slot)
    if refused and not (world.slots[slot].doubt and not world.gate_away):
        return same(world, *refused)
    return [*same(world, *refused), *_write(world, key, patient, slot, claim)]


def _repeat(world: World, before: Row, body: tuple[int, int, str | None]) -> list[Outcome]:
    if before.body == body:
        # A place that was left by a move, and that a gate which has lost its memory does not know: it speaks of room.
        forgotten = before.slot != body[1] or world.slots[body[1]].doubt
        refused = ["slot_full", "slot_closed", *(["hold_expired"] if body[2] else [])]
        return same(world, OK, *(refused if forgotten and not world.gate_away else []))
    return same(world, "request_key_reused", *gate_refuses(world, body[1]), *(["hold_expired"] if body[2] else []))


def _book_held(world: World, key: str, patient: int, slot: int, claim: str) -> list[Outcome]:
    held = world.holds.get(patient)
    written = _write(world, key, patient, slot, claim)
    if held is None or held.claim != claim:
        # Used, given back or lost: nobody gets a place by it, unless the gate has gone back in time.
        refused = same(world, "hold_expired", "already_booked", "slot_full", "slot_closed", "busy")
        return [*refused, *(written if world.slots[slot].doubt else [])]
    is_certain = held.until > world.now and not world.slots[slot].doubt
    # Whoever still has it keeps it for as long as the writing may take, also if that is refused.
    kept = world.copy()
    kept.holds[patient].until = max(held.until, world.now + LEASE)
    written = _write(kept, key, patient, slot, claim)
    return written if is_certain else [*written, *same(world, "hold_expired", "slot_full", "slot_closed")]


def _write(world: World, key: str, patient: int, slot: int, claim: str | None) -> list[Outcome]:
    """What the ledger says of somebody who comes with a number."""
    if world.slots[slot].closed:
        return same(world, "slot_closed")
    if world.live(patient) is not None:
        return same(world, "already_booked")
    if world.taken(slot) >= world.slots[slot].quota:
        return same(world, "slot_full")
    after = world.copy()
    after.rows.append(Row(key, patient, slot, (patient, slot, claim)))
    if claim is not None and not world.gate_away:
        after.holds.pop(patient, None)
    if world.gate_away:
        after.slots[slot].doubt = True
    return same(after, OK)


def cancel(world: World, label: str) -> list[Outcome]:
    """Give it up; the place stays theirs for the undo."""
    after = world.copy()
    row = after.row(label)
    if row is not None and row.is_live:
        row.is_live, row.undo_until = False, world.now + UNDO
    return same(after, OK)


def restore(world: World, label: str) -> list[Outcome]:
    """Take it back, within the window."""
    after = world.copy()
    row = after.row(label)
    assert row is not None
    if row.is_live:
        return same(world, OK)
    if row.undo_until is None or row.undo_until <= world.now:
        return same(world, "too_late")
    if world.slots[row.slot].closed:
        return same(world, "slot_closed")
    if world.live(row.patient) is not None:
        return same(world, "already_booked")
    row.is_live, row.undo_until = True, None
    return same(after, OK)


def move(world: World, label: str, slot: int, key: str) -> list[Outcome]:
    """Go to another slot: with a place at every moment, and with one only."""
    row = world.row(label)
    assert row is not None
    refused = gate_refuses(world, slot)
    if row.slot == slot:
        return same(world, *([OK] if row.is_live else ["wrong_status", "slot_full", "slot_closed"]))
    if world.slots[slot].closed:
        return same(world, "slot_closed")
    if not row.is_live:
        return same(world, *(refused if refused and not world.slots[slot].doubt else ["wrong_status", *refused]))
    if refused and (world.gate_away or not world.slots[slot].doubt):
        return same(world, *refused)
    if row.moves >= MOVES_ALLOWED:
        return same(world, "no_changes_left", *refused)
    if world.taken(slot) >= world.slots[slot].quota:
        return same(world, *refused)
    after = world.copy()
    moved = after.row(label)
    assert moved is not None
    left, moved.slot, moved.moves, moved.move_key = row.slot, slot, row.moves + 1, key
    pass_on(after, left, 1)
    return [Outcome(OK, doubted(after, [left, slot]) if world.gate_away else after), *same(world, *refused)]
