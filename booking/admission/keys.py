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


def hold_key(patient: str) -> str:
    """What a patient holds now, if anything."""
    return f"hold:{{{patient}}}"
