"""What everybody in a rehearsal shares, and the requests that they send."""

import itertools
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from time import monotonic

from booking.demo.citizens import MadeCitizen
from booking.rehearsal.curves import Curve
from booking.rehearsal.engine import Ask
from booking.rehearsal.ground import Ground, SiteOnGround
from booking.rehearsal.journal import Journal
from booking.rehearsal.measures import Measures
from booking.rehearsal.wire import get, post

API = "/api/v1"
PATIENCE = 20.0


@dataclass(slots=True)
class Town:
    """One rehearsal as its people see it. `opens` is the release by the engine's clock."""

    ground: Ground
    curve: Curve
    dice: Random
    journal: Journal
    measures: Measures
    hosts: Sequence[str]
    opens: float = 0.0
    cancelled: Counter[str] = field(default_factory=Counter)
    _keys: itertools.count = field(default_factory=itertools.count)  # type: ignore[type-arg]
    # No key of an earlier rehearsal is used again.
    _run: str = ""

    def __post_init__(self) -> None:
        self._run = f"{self.dice.getrandbits(32):08x}"

    def key(self) -> str:
        """A request key that nobody has used."""
        return f"rehearsal-{self._run}-{next(self._keys)}"

    def now(self) -> float:
        """The engine's clock."""
        return monotonic()

    def think(self, factor: float = 1.0) -> float:
        """How long somebody looks at a page."""
        low, high = self.curve.think
        return self.dice.uniform(low, high) * factor


class Caller:
    """One citizen's requests: their token and people, the web machine they reach, and how long they wait."""

    __slots__ = ("_headers", "host", "patience", "patients", "seen")

    def __init__(self, citizen: MadeCitizen, host: str, patience: float) -> None:
        self.patients = (citizen.patient, *citizen.relatives)
        self.host = host
        self.patience = patience
        self._headers = {"Authorization": f"Bearer {citizen.token}"}
        # What a page was marked with, to ask whether it has changed, and what stood on it.
        self.seen: dict[str, tuple[str, bytes]] = {}

    def read(self, kind: str, path: str) -> Ask:
        """A page, or whether it has changed."""
        known = self.seen.get(path)
        headers = {"If_None_Match": known[0]} if known else {}
        return Ask(kind, get(API + path, host=self.host, **headers), self.patience)

    def hold(self, slot: int, key: str) -> Ask:
        """Keep a place for oneself."""
        return self._post("hold", "/holds", {"slot": slot, "patient": self.patients[0]}, key)

    def book(self, slot: int, key: str, hold: str | None = None) -> Ask:
        """Book: with a held place, or at once, or for the whole family."""
        if len(self.patients) > 1:
            wishes = [{"patient": patient, "slot": slot} for patient in self.patients]
            return self._post("together", "/appointments/together", {"wishes": wishes}, key)
        wanted = {"slot": slot, "patient": self.patients[0], **({"hold": hold} if hold else {})}
        return self._post("confirm" if hold else "book", "/appointments", wanted, key)

    def mine(self) -> Ask:
        """One's own appointments."""
        return Ask("mine", get(f"{API}/appointments", host=self.host, **self._headers), self.patience)

    def cancel(self, reference: str, key: str) -> Ask:
        """Give an appointment up."""
        return self._post("cancel", f"/appointments/{reference}/cancel", {}, key)

    def move(self, reference: str, slot: int, key: str) -> Ask:
        """Take another time instead."""
        return self._post("move", f"/appointments/{reference}/move", {"slot": slot}, key)

    def _post(self, kind: str, path: str, body: dict[str, object], key: str) -> Ask:
        headers = {**self._headers, "Idempotency_Key": key}
        return Ask(kind, post(API + path, json.dumps(body).encode(), host=self.host, **headers), self.patience)


def slots_path(town: Town, site: SiteOnGround, day: date) -> str:
    """A site's slots of one day."""
    return f"/sites/{site.code}/slots?programme={town.ground.programme}&from={day}&to={day}"
