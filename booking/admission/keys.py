"""Key names. Everything of one slot shares one hash tag, so that the scripts also run on Redis Cluster."""

from functools import lru_cache


# A rush names the same few slots again and again.
@lru_cache(maxsize=8192)
def slot_keys(slot_id: int) -> tuple[str, str, str, str, str, str]:
    """gate (quota, release time, closed), left (the counter), free numbers, claims, leases, past claims."""
    tag = f"slot:{{{slot_id}}}:"
    return (tag + "gate", tag + "left", tag + "free", tag + "claims", tag + "leases", tag + "past")


def left_key(slot_id: int) -> str:
    """The counter of places left, readable for many slots at once."""
    return f"slot:{{{slot_id}}}:left"


def loading_key(slot_id: int) -> str:
    """The short lock of whoever is loading the slot from the ledger."""
    return f"slot:{{{slot_id}}}:loading"


def queue_keys(queue_id: int) -> tuple[str, str, str]:
    """Of a release's queue: who came early, the numbers of those behind, the last number given."""
    tag = f"queue:{{{queue_id}}}:"
    return (tag + "early", tag + "behind", tag + "last")


def hold_key(patient: str) -> str:
    """What a patient holds now, if anything."""
    return f"hold:{{{patient}}}"
