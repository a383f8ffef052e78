"""What a file said, apart from how it was written; and how it is kept until it was taken in.

Kept encrypted, and with the columns only that mean something to us: people upload whole staff lists.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from accounts.encryption import decrypt, encrypt
from booking.operations.refusals import FileUnreadable
from booking.queries.sheets.files import NOTE
from booking.queries.sheets.sheet import Sheet

MOST_ROWS = 10_000
_TABLE = "importrun.content"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with their numbers in the file (the headings are row 1, usually). All cells are text."""

    headings: list[str]
    # The columns of the sheet that these are, in the file's order.
    columns: list[str]
    rows: list[tuple[int, list[str]]]
    left_out: list[str] = field(default_factory=list)

    def sealed(self) -> bytes:
        """The table as it may be stored."""
        parts = [self.headings, self.columns, self.rows, self.left_out]
        return encrypt(json.dumps(parts, ensure_ascii=False), associated=_TABLE)

    @staticmethod
    def opened(stored: bytes | memoryview) -> "Table":
        """The table that was sealed."""
        headings, columns, rows, left_out = json.loads(decrypt(bytes(stored), associated=_TABLE))
        return Table(headings, columns, [(number, cells) for number, cells in rows], left_out)

    def only(self, numbers: set[int]) -> "Table":
        """The same with some of its rows."""
        return Table(self.headings, self.columns, [row for row in self.rows if row[0] in numbers], self.left_out)


def understood(lines: Sequence[tuple[int, list[str]]], sheet: Sheet) -> Table:
    """The table in a file's lines: headings first, blank lines and notes left out. Raises FileUnreadable."""
    lines = [(n, cells) for n, cells in lines if any(cell.strip() for cell in cells)]
    lines = [(n, cells) for n, cells in lines if not cells[0].strip().lstrip("'\ufeff").startswith(NOTE)]
    if not lines:
        raise FileUnreadable(reason="empty")
    headings = [cell.strip() for cell in lines[0][1]]
    meant = [sheet.column_of(heading) if heading else None for heading in headings]
    known = [name for name in meant if name]
    if len(set(known)) < len(known):
        twice = next(heading for heading, name in zip(headings, meant, strict=True) if name and known.count(name) > 1)
        raise FileUnreadable(reason="column_twice", column=twice[:80])
    missing = [name for name in sheet.get_import_id_fields() if name not in known]
    if missing:
        raise FileUnreadable(reason="column_missing", columns=missing)
    if len(lines) == 1:
        raise FileUnreadable(reason="empty")
    if len(lines) - 1 > MOST_ROWS:
        raise FileUnreadable(reason="too_many_rows", most=MOST_ROWS)
    places = [n for n, name in enumerate(meant) if name]
    return Table(
        headings=[headings[n] for n in places],
        columns=known,
        rows=[(number, [cells[n] if n < len(cells) else "" for n in places]) for number, cells in lines[1:]],
        left_out=[heading[:40] for heading, name in zip(headings, meant, strict=True) if heading and not name][:20],
    )
