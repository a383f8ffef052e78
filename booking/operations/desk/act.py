"""What an act at a desk is, and what comes of it: the words that all of this package shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from booking.models import ActKind, Appointment, Outcome, Visit
from sites.models import Site


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done at a desk, as its device tells it.

    `key` is the device's own for this act, `sequence` its place among the device's acts, `after` the key of the act
    before it about the same person on that device. `happened_at` is by the server's clock as far as the device knows
    it. `offline`: it has happened without an answer of ours, so it is a fact, whatever we say.
    """

    key: str
    device: UUID
    sequence: int
    after: str | None
    kind: ActKind
    # The 12 digits of the appointment; empty for what is about none yet.
    reference: str
    happened_at: datetime
    offline: bool
    desk: str
    by: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an act takes place: its site, the appointment (locked) and its visit that counts (locked), if any.

    `roles`: the posts of whoever did it at this site.
    """

    site: Site
    roles: frozenset[str]
    appointment: Appointment | None
    visit: Visit | None


@dataclass(frozen=True, slots=True)
class Done:
    """What an act has come to. `facts` hold no name, no number and nothing about health."""

    outcome: Outcome = Outcome.DONE
    code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    appointment: Appointment | None = None
    visit: Visit | None = None


def conflict(code: str, **facts: Any) -> Done:
    """It has happened and contradicts what we know: it is kept for a person to look at."""
    return Done(Outcome.CONFLICT, code, facts)
