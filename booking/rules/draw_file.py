"""The file that is published of a draw, and the check of it.

JSON Lines in UTF-8: each line is one object written as `rules.draw.canonical` does, and ends with a line feed. First
comes the **list**, which is published when the entries close, before anybody can know the public value:

- `{"kind":"draw",…}`: what was announced, with `algorithm`, `commitment` (SHA-256 of the seed's 64 hexadecimal digits),
  `draw` (its id) and `format` 1;
- `{"kind":"places",…}` for each slot, by its number: `slot`, `site`, `day`, `time`, `places`;
- `{"kind":"entry",…}` for each entry, by its name;
- `{"kind":"closed","closed_at":…,"entries":…,"sha256":…,"slots":…}`: how many of them, and SHA-256 of all bytes before
  this line, the **digest of the entries**.

The file of a draw that has taken place begins with these very bytes, and then comes the **outcome**:

- `{"kind":"drawn","public_value":…,"seed":…}`;
- `{"entry":name,"kind":"result","rank":…,"slot":…}` for each entry, by rank; `slot` null: no place;
- `{"kind":"end","not_placed":…,"placed":…,"sha256":…}`: how many, and SHA-256 of all bytes before this line.

What the file tells: an entry's name says nothing without its code. Who knows of somebody exactly which sites and days
they named, and that nobody else named the same, can find their line; nothing that is published names a person, an age,
a district or a time of entering, and the lines are in order of names that chance made.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from booking.rules.draw import ALGORITHM, MOST_ROUNDS_COUNTED, Drawn, Entry, Places, canonical, commitment_of, draw

FORMAT = 1


class NotRight(Exception):
    """The file is not what it says. The text is for people."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is right: what was announced, what was drawn, and what everybody else must find too."""

    header: dict[str, Any]
    seed: str
    public_value: str
    places: tuple[Places, ...]
    entries: tuple[Entry, ...]
    drawn: tuple[Drawn, ...]
    entries_digest: str
    digest: str


def list_of(header: dict[str, object], places: Sequence[Places], entries: Sequence[Entry], closed_at: str) -> bytes:
    """The first part of the file. `header` says what was announced."""
    lines = [canonical({**header, "algorithm": ALGORITHM, "format": FORMAT, "kind": "draw"})]
    for one in sorted(places, key=lambda one: one.slot):
        lines.append(
            canonical(
                {
                    "day": one.day,
                    "kind": "places",
                    "places": one.places,
                    "site": one.site,
                    "slot": one.slot,
                    "time": one.time,
                }
            )
        )
    lines += [entry.line for entry in sorted(entries, key=lambda entry: entry.name)]
    body = b"".join(line + b"\n" for line in lines)
    counts = {"closed_at": closed_at, "entries": len(entries), "slots": len(places)}
    return body + canonical({**counts, "kind": "closed", "sha256": hashlib.sha256(body).hexdigest()}) + b"\n"


def outcome_of(entry_list: bytes, seed: str, public_value: str, drawn: Sequence[Drawn]) -> bytes:
    """The second part of the file, to stand behind the first."""
    lines = [canonical({"kind": "drawn", "public_value": public_value, "seed": seed})]
    lines += [
        canonical({"entry": one.name, "kind": "result", "rank": one.rank, "slot": one.slot})
        for one in sorted(drawn, key=lambda one: one.rank)
    ]
    body = b"".join(line + b"\n" for line in lines)
    placed = sum(one.slot is not None for one in drawn)
    counts = {"not_placed": len(drawn) - placed, "placed": placed}
    digest = hashlib.sha256(entry_list + body).hexdigest()
    return body + canonical({**counts, "kind": "end", "sha256": digest}) + b"\n"


def entries_digest_of(entry_list: bytes) -> str:
    """The digest of the entries: SHA-256 of the list without its last line."""
    return hashlib.sha256(entry_list[: entry_list.rindex(b"\n", 0, -1) + 1]).hexdigest()


def read_list(entry_list: bytes) -> tuple[tuple[Places, ...], tuple[Entry, ...]]:
    """The places and the entries of a list. Raises NotRight."""
    rows = _rows(entry_list)
    return _places(rows), _entries(rows)


def check(content: bytes) -> Checked:
    """Draw again from the file's list, seed and public value. Raises NotRight unless every byte comes out the same."""
    try:
        return _check(content)
    except (AttributeError, KeyError, TypeError) as error:
        raise NotRight(f"Something is missing, or of the wrong kind: {error}.") from None


def _check(content: bytes) -> Checked:
    rows = _rows(content)
    kinds = [row["kind"] for row in rows]
    if kinds[:1] != ["draw"] or kinds.count("closed") != 1 or kinds.count("drawn") != 1:
        raise NotRight("This is not the file of a draw that has taken place.")
    header, closed = rows[0], rows[kinds.index("closed")]
    if (header["format"], header["algorithm"]) != (FORMAT, ALGORITHM):
        raise NotRight("The file has another format, or was drawn in another way.")
    after = kinds.index("closed") + 1
    drawn = rows[after]
    if drawn["kind"] != "drawn":
        raise NotRight("The seed and the public value do not follow the list.")
    if commitment_of(drawn["seed"]) != header["commitment"]:
        raise NotRight("The seed is not the one that was committed to.")
    entry_list = b"".join(line + b"\n" for line in content.split(b"\n")[:after])
    places, entries = _places(rows), _entries(rows)
    said = {name: value for name, value in header.items() if name not in ("algorithm", "format", "kind")}
    if list_of(said, places, entries, closed["closed_at"]) != entry_list:
        raise NotRight("The list of places and entries is not the one that was closed.")
    results = draw(drawn["seed"], drawn["public_value"], entries, places)
    if entry_list + outcome_of(entry_list, drawn["seed"], drawn["public_value"], results) != content:
        raise NotRight("Drawn again, it comes out otherwise than the file says.")
    return Checked(
        header=header,
        seed=drawn["seed"],
        public_value=drawn["public_value"],
        places=places,
        entries=entries,
        drawn=tuple(results),
        entries_digest=closed["sha256"],
        digest=hashlib.sha256(content).hexdigest(),
    )


def _rows(content: bytes) -> list[dict[str, Any]]:
    if not content.endswith(b"\n"):
        raise NotRight("The file is cut off.")
    rows = []
    for number, line in enumerate(content[:-1].split(b"\n"), start=1):
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or "kind" not in row or canonical(row) != line:
                raise ValueError
        except ValueError:
            raise NotRight(f"Line {number} is not written as it must be.") from None
        rows.append(row)
    return rows


def _places(rows: Sequence[dict[str, Any]]) -> tuple[Places, ...]:
    found = (row for row in rows if row["kind"] == "places")
    places = tuple(Places(row["slot"], row["site"], row["day"], row["time"], row["places"]) for row in found)
    if len({one.slot for one in places}) < len(places):
        raise NotRight("A slot is in the list twice.")
    if any(type(one.places) is not int or one.places < 1 for one in places):
        raise NotRight("A slot has no proper number of places.")
    return places


def _entries(rows: Sequence[dict[str, Any]]) -> tuple[Entry, ...]:
    found = (row for row in rows if row["kind"] == "entry")
    entries = tuple(
        Entry(row["entry"], tuple(row["sites"]), tuple(row["days"]), row["any_site"], row["rounds_lost"])
        for row in found
    )
    if len({one.name for one in entries}) < len(entries):
        raise NotRight("An entry is in the list twice.")
    if any(type(one.rounds_lost) is not int or not 0 <= one.rounds_lost <= MOST_ROUNDS_COUNTED for one in entries):
        raise NotRight("An entry has no proper number of lost rounds.")
    return entries
