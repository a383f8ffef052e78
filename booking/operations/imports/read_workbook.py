"""The first sheet of an XLSX workbook as text. Looked at from outside first: a small file may unpack to much."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from booking.operations.imports.table import MOST_ROWS
from booking.operations.refusals import FileUnreadable

# Ten thousand rows of fourteen columns are about ten.
MOST_UNPACKED = 40 * 1024 * 1024
# Of the whole file. A table compresses to a tenth; only something made up compresses to a thousandth.
MOST_RATIO = 200
_MOST_PARTS = 300
_MOST_COLUMNS = 60
# Blank rows count as rows of the file until we give up looking for more.
_LAST_ROW = 3 * MOST_ROWS


def read_workbook(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet with their numbers. Raises FileUnreadable."""
    _inspect(content)
    try:
        # Formulas are read as what they are, not as what they last gave.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        # What the file says about its size is not believed.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=_LAST_ROW, max_col=_MOST_COLUMNS, values_only=True)
        found = [(n, [_text(cell) for cell in row]) for n, row in enumerate(rows, 1) if any(c is not None for c in row)]
        book.close()
    except Exception:
        # The parser raises whatever it stumbles over. A broken file is the sender's, never ours.
        raise FileUnreadable(reason="not_a_table") from None
    return found


def _inspect(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename.lower() for part in parts}
            if any("vbaproject" in name or "macrosheet" in name for name in names):
                raise FileUnreadable(reason="macros")
            if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
                raise FileUnreadable(reason="not_a_table")
            # A part never unpacks to more than it says here: reading stops there.
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * len(content):
                raise FileUnreadable(reason="bomb")
            if b"macroenabled" in packed.read("[Content_Types].xml").lower():
                raise FileUnreadable(reason="macros")
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise FileUnreadable(reason="not_a_table") from None
    except zipfile.LargeZipFile:
        raise FileUnreadable(reason="bomb") from None


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return f"{cell:%H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | str):
        return str(cell)
    # Array and table formulas come as objects.
    return "="
