"""What people were promised, written down before they act on it: the ledger is compared with it afterwards."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_BOOKED, _CANCELLING, _CANCELLED = "booked", "cancelling", "cancelled"


class Journal:
    """A file that is only added to; each line is with the operating system before the call returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC, 0o600)

    def booked(self, reference: str) -> None:
        """Somebody was told that they have this appointment."""
        self._write(_BOOKED, reference)

    def cancelling(self, reference: str) -> None:
        """Somebody is about to ask for its cancellation: from now on both is right until they have an answer."""
        self._write(_CANCELLING, reference)

    def cancelled(self, reference: str) -> None:
        """Somebody was told that it is cancelled."""
        self._write(_CANCELLED, reference)

    def close(self) -> None:
        """Nothing more is written."""
        os.close(self._file)

    def _write(self, what: str, reference: str) -> None:
        os.write(self._file, f"{what} {reference}\n".encode())


@dataclass(slots=True)
class Promised:
    """What stands in a journal at the end."""

    # What must be live in the ledger, what must not be, and what may be either.
    live: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


def promised(path: Path) -> Promised:
    """Read a journal."""
    found = Promised()
    for what, reference in _lines(path):
        if what == _BOOKED:
            # A repeat of the same request is told the same again.
            if reference not in found.unknown and reference not in found.cancelled:
                found.live.add(reference)
        elif what == _CANCELLING:
            found.live.discard(reference)
            found.unknown.add(reference)
        else:
            found.unknown.discard(reference)
            found.cancelled.add(reference)
    return found


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    with path.open() as file:
        for line in file:
            what, _, reference = line.strip().partition(" ")
            yield what, reference
