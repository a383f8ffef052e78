"""What a citizen brings along to where places are given: a place in the queue, and a proof of work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

# How long the texts may be.
MOST_PLACE, MOST_PROOF = 400, 2000


@dataclass(frozen=True, slots=True)
class Brought:
    """`queue_places` by patient: what joining a queue gave for them, joined by `~` where it was several queues.

    `proof` is the answer to a proof of work. All of it comes from outside, and is read where it is asked for.
    """

    queue_places: Mapping[UUID, str] = field(default_factory=dict)
    proof: str = ""


NOTHING = Brought()
