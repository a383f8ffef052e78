"""What a citizen brings along to where places are given: their places in queues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

# How long the text may be.
MOST_PLACE = 400


@dataclass(frozen=True, slots=True)
class Brought:
    """`queue_places` by patient: what joining a queue gave for them, joined by `~` where it was several queues.

    It comes from outside, and is read where it is asked for.
    """

    queue_places: Mapping[UUID, str] = field(default_factory=dict)


NOTHING = Brought()
