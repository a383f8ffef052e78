"""What the booking of a few slots must do, in plain Python: no ledger, no gate, no clock of its own.

An act has outcomes: each is an answer and the world after it. Usually there is one. There are more where the promises
leave something open: which of two equal offers goes, or what a gate that is in doubt may say. What the ledger holds is
never left open but for a crash: then it is the world before the act, or after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

UNDO, HOLD, ANSWER = timedelta(minutes=10), timedelta(minutes=5), timedelta(minutes=30)
LEASE = timedelta(seconds=30)
MOVES_ALLOWED, OFFERS_A_DAY = 2, 3
OK, CRASHED = "ok", "crashed"


@dataclass
class Row:
    """An appointment. `label` is the request key that made it; `body` what was asked for with that key."""

    label: str
    patient: int
    slot: int
    body: tuple[Any, ...]
    is_live: bool = True
    # While it is cancelled and its number is still its own.
    undo_until: datetime | None = None
    moves: int = 0
    move_key: str = ""


@dataclass
class Entry:
    """A wish to be told of a place that becomes free in one slot."""

    patient: int
    slot: int
    joined_at: datetime
    ended: bool = False


@dataclass
class Offer:
    """A number that is kept for an entry, while PENDING."""

    patient: int
    joined_at: datetime
    slot: int
    expires_at: datetime
    state: str = "PENDING"


@dataclass
class Slot:
    """`doubt`: the gate may be wrong about it, so it may refuse what there is room for."""

    quota: int
    closed: bool = False
    doubt: bool = False


@dataclass
class Held:
    """A place that a patient holds at the gate."""

    patient: int
    slot: int
    until: datetime
    claim: str = ""


@dataclass
class World:
    """Everything that is promised about the slots at `now`."""

    now: datetime
    slots: list[Slot]
    rows: list[Row] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    holds: dict[int, Held] = field(default_factory=dict)
    gate_away: bool = False

    def copy(self) -> "World":
        """Another world that is the same."""
        lists = (self.slots, self.rows, self.entries, self.offers)
        slots, rows, entries, offers = ([replace(one) for one in many] for many in lists)  # type: ignore[type-var]
        holds = {patient: replace(held) for patient, held in self.holds.items()}
        return World(self.now, slots, rows, entries, offers, holds, self.gate_away)  # type: ignore[arg-type]

    def taken(self, slot: int) -> int:
        """Numbers of the slot that somebody has, may have back, or is asked about."""
        rows = [row for row in self.rows if row.slot == slot and (row.is_live or row.undo_until)]
        return len(rows) + len([offer for offer in self.offers if offer.slot == slot and offer.state == "PENDING"])

    def held(self, slot: int) -> int:
        """Places of the slot that are held at the gate by leases that still run."""
        return len([held for held in self.holds.values() if held.slot == slot and held.until > self.now])

    def has_room(self, slot: int) -> bool:
        """Whether somebody who comes now must get a place; without the gate nobody knows of holds."""
        held = 0 if self.gate_away else self.held(slot)
        return self.slots[slot].quota > self.taken(slot) + held

    def live(self, patient: int) -> Row | None:
        """The patient's appointment."""
        return next((row for row in self.rows if row.patient == patient and row.is_live), None)

    def waiting(self, patient: int) -> Entry | None:
        """The patient's wish."""
        return next((one for one in self.entries if one.patient == patient and not one.ended), None)

    def row(self, label: str) -> Row | None:
        """The appointment that a request key made."""
        return next((row for row in self.rows if row.label == label), None)

    def entry_of(self, offer: Offer) -> Entry:
        """Whose wish the offer answers."""
        key = (offer.patient, offer.joined_at)
        return next(one for one in self.entries if (one.patient, one.joined_at) == key)

    def view(self) -> dict[str, Any]:
        """What the ledger must hold, in the shape in which it is read back."""
        return {
            "slots": [(slot.quota, slot.closed, self.taken(n)) for n, slot in enumerate(self.slots)],
            "rows": sorted(
                (row.label, row.patient, row.slot, "BOOKED" if row.is_live else "CANCELLED", row.undo_until, row.moves)
                for row in self.rows
            ),
            "entries": sorted((one.patient, one.joined_at, one.slot, one.ended) for one in self.entries),
            "offers": sorted((one.patient, one.joined_at, one.slot, one.state, one.expires_at) for one in self.offers),
        }


@dataclass(frozen=True)
class Outcome:
    """What a caller may be told, and the world after that."""

    answer: str
    world: World


def same(world: World, *answers: str) -> list[Outcome]:
    """Any of these answers, and nothing changes."""
    return [Outcome(answer, world) for answer in answers]


def pass_on(world: World, slot: int, numbers: int) -> None:
    """Freed numbers go to the first who wait for them and may be asked; the rest goes back to everybody."""
    if world.slots[slot].closed:
        return
    for entry in sorted(world.entries, key=lambda one: one.joined_at):
        theirs = [offer for offer in world.offers if offer.patient == entry.patient]
        asked_before = any(one.joined_at == entry.joined_at and one.slot == slot for one in theirs)
        is_asked = any(one.state == "PENDING" for one in theirs)
        if numbers and entry.slot == slot and not (
            entry.ended or asked_before or is_asked or len(theirs) >= OFFERS_A_DAY or world.live(entry.patient)
        ):  # fmt: skip
            world.offers.append(Offer(entry.patient, entry.joined_at, slot, world.now + ANSWER))
            numbers -= 1


def release(world: World) -> list[Outcome]:
    """Undo windows and offers that are over: their numbers are passed on."""
    after = world.copy()
    freed: dict[int, int] = {}
    for row in after.rows:
        if row.undo_until is not None and row.undo_until <= after.now:
            row.undo_until = None
            freed[row.slot] = freed.get(row.slot, 0) + 1
    for offer in after.offers:
        if offer.state == "PENDING" and offer.expires_at <= after.now:
            offer.state = "EXPIRED"
            freed[offer.slot] = freed.get(offer.slot, 0) + 1
    for slot, numbers in freed.items():
        pass_on(after, slot, numbers)
    return same(after, OK)


def doubted(world: World, slots: Sequence[int] | None = None) -> World:
    """The same world with a gate that may be wrong about these slots, or about all."""
    after = world.copy()
    for slot in range(len(after.slots)) if slots is None else slots:
        after.slots[slot].doubt = True
    return after
