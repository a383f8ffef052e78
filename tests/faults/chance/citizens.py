"""Citizens of a small rush, who do what chance has them do, and write down what they are told before they act on it."""

import contextlib
import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any, TextIO

_APPOINTMENTS = "/api/v1/appointments"
# How often somebody repeats a request that got no answer, or none that decides.
_TRIES = 12


class Journal:
    """What everybody was told, in a file: written and flushed before anybody acts on it."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._lock, self._began = file, threading.Lock(), time.monotonic()
        self.answers: dict[str, int] = {}

    def write(self, who: str, what: str, answer: str) -> None:
        """One line."""
        with self._lock:
            self.answers[answer] = self.answers.get(answer, 0) + 1
            self._file.write(f"{time.monotonic() - self._began:7.3f} {who:>10} {what}: {answer}\n")
            self._file.flush()


class BrokenPromise(AssertionError):
    """Somebody was told something that may not be."""


@dataclass
class Citizen:
    """One person: what they believe to have in `slot`. `is_sure` ends with a request that nobody answered."""

    number: int
    token: str
    patient: str
    account: int
    slots: list[int]
    port: int
    journal: Journal
    run: str
    reference: str = ""
    slot: int = 0
    status: str = "NONE"
    is_sure: bool = True
    references: set[str] = field(default_factory=set)
    _connection: http.client.HTTPConnection | None = None
    _keys: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.run}/{self.number}")
        self._booked_with: tuple[str, dict[str, Any]] | None = None

    def live(self, seconds: float) -> None:
        """Come at some moment, book, and do a few things more."""
        time.sleep(self.chance.uniform(0, seconds))
        self._book()
        for _ in range(self.chance.randint(0, 4)):
            if not self.is_sure:
                break
            act = self.chance.choice(
                [self._book, self._repeat, self._reuse_key, self._cancel, self._cancel, self._restore, self._move]
            )
            time.sleep(self.chance.uniform(0, seconds / 4))
            act()
        if self._connection is not None:
            self._connection.close()

    def _book(self) -> None:
        slot, wants_hold = self.chance.choice(self.slots), self.chance.random() < 0.3
        body: dict[str, Any] = {"slot": slot, "patient": self.patient}
        if wants_hold:
            held = self._ask("/api/v1/holds", body)
            if held is None or held[0] != 201:
                # Nothing of a hold is in the ledger, so nothing is uncertain.
                self.is_sure = True
                return
            body["hold"] = held[1]["id"]
        key = self._key()
        found = self._ask(_APPOINTMENTS, body, key)
        if found is None:
            return
        status, said = found
        if status == 201:
            self._expect(self.status != "BOOKED", f"a second appointment {said}")
            self._booked_with = (key, body)
            self._has(said["reference"], slot, "BOOKED")
        elif said.get("code") == "already_booked":
            self._expect(self.status == "BOOKED", f"already booked, with status {self.status}")

    def _repeat(self) -> None:
        if self._booked_with is not None:
            key, body = self._booked_with
            found = self._ask(_APPOINTMENTS, body, key)
            if found is not None and found[0] == 201:
                self._expect(found[1]["reference"] == self.reference, f"a repeat got {found[1]}")
            elif found is not None:
                # A gate that is loaded in a rush may for an instant not know who has the last place: told, not counted.
                self.journal.write(str(self.number), "a repeat was refused", str(found[1].get("code")))

    def _reuse_key(self) -> None:
        if self._booked_with is not None:
            key, body = self._booked_with
            other = {"slot": self.chance.choice([slot for slot in self.slots if slot != body["slot"]])}
            found = self._ask(_APPOINTMENTS, {**body, **other, "hold": None}, key)
            self._expect(found is None or found[0] != 201, f"a key was used twice: {found}")

    def _cancel(self) -> None:
        if self.reference:
            found = self._ask(f"{_APPOINTMENTS}/{self.reference}/cancel", {})
            if found is not None:
                self._expect(found[0] == 200, f"a cancellation was refused: {found}")
                self.status = "CANCELLED"

    def _restore(self) -> None:
        if self.reference and self.status == "CANCELLED":
            found = self._ask(f"{_APPOINTMENTS}/{self.reference}/restore", {})
            if found is not None and found[0] == 200:
                self.status = "BOOKED"
            elif found is not None:
                self._expect(found[1].get("code") == "slot_closed", f"an undo in time was refused: {found}")

    def _move(self) -> None:
        if self.status == "BOOKED":
            slot = self.chance.choice(self.slots)
            found = self._ask(f"{_APPOINTMENTS}/{self.reference}/move", {"slot": slot}, self._key())
            if found is not None and found[0] == 200:
                self.slot = slot

    def _has(self, reference: str, slot: int, status: str) -> None:
        self.reference, self.slot, self.status = reference, slot, status
        self.references.add(reference)

    def _key(self) -> str:
        self._keys += 1
        return f"{self.run}-{self.number:02}-{self._keys:02}-key"

    def _ask(self, path: str, body: dict[str, Any], key: str | None = None) -> tuple[int, dict[str, Any]] | None:
        """The answer that decides, however often it takes; None and not sure any more if there is none."""
        what = f"{path.removeprefix('/api/v1/')} {body.get('slot', '')} {key or ''}"
        for turn in range(_TRIES):
            found = self._once(path, body, key)
            said = "no answer" if found is None else _said(*found)
            self.journal.write(str(self.number), what, said)
            self._expect(found is None or found[0] != 500, f"{what} was answered 500")
            if found is not None and found[0] not in (429, 502, 503):
                return found
            time.sleep(0.05 * (turn + 1))
        self.is_sure = False
        return None

    def _once(self, path: str, body: dict[str, Any], key: str | None) -> tuple[int, dict[str, Any]] | None:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
            self._connection.request("POST", path, json.dumps(body), headers)
            response = self._connection.getresponse()
            received = response.read()
            return response.status, json.loads(received) if received else {}
        except (OSError, http.client.HTTPException, ValueError):
            if self._connection is not None:
                with contextlib.suppress(OSError):
                    self._connection.close()
            self._connection = None
            return None

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise BrokenPromise(f"citizen {self.number}: {otherwise}")


def _said(status: int, body: dict[str, Any]) -> str:
    return f"{status} {body.get('code') or body.get('reference', '')}"
