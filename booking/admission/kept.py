"""Places that a slot keeps for later doses. At the gate they are a slot of their own beside it, with a quota of theirs.

So they are held, lapse and are counted like any others, and no first dose can reach them.
"""

from booking.admission.connection import Call, Script, connection
from booking.admission.keys import slot_keys

# Whoever holds such a place is known by their claim.
_PREFIX = "later-"


def kept_at_gate(slot_id: int) -> int:
    """What the gate knows the slot's kept places by."""
    return -slot_id


def kept_claim(claim: str) -> str:
    """The claim under which one of them is held."""
    return _PREFIX + claim


def is_kept(claim: str) -> bool:
    """Whether a hold with this claim is one of them."""
    return claim.startswith(_PREFIX)


def held_at(slot_id: int, claim: str) -> int:
    """Where the gate has the slot's hold with this claim."""
    return kept_at_gate(slot_id) if is_kept(claim) else slot_id


def take_out(slot_id: int, claim: str) -> None:
    """The ledger has made a place of the slot's out of the kept one that the claim has: one fewer is kept."""
    connection().run([Call(Script.named("take_out"), slot_keys(kept_at_gate(slot_id)), (claim,))])
