"""An uploaded file, as text in lines. What it is, its first bytes say; its name is not believed."""

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from booking.operations.imports.read_workbook import read_workbook
from booking.operations.imports.table import Table, understood
from booking.operations.refusals import FileUnreadable
from booking.queries.sheets.files import NOTE
from booking.queries.sheets.sheet import Sheet

MOST_BYTES = 5 * 1024 * 1024
_ZIP = b"PK\x03\x04"
# Excel's form before 2007, and every workbook with a password.
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = ",;\t"


def form_of(content: bytes) -> str:
    """csv or xlsx. Raises FileUnreadable for what is neither, too large, or empty."""
    if not content.strip():
        raise FileUnreadable(reason="empty")
    if len(content) > MOST_BYTES:
        raise FileUnreadable(reason="too_big", megabytes=MOST_BYTES // 1024**2)
    if content.startswith(_OLD_OFFICE):
        raise FileUnreadable(reason="old_office")
    if content.startswith(_ZIP):
        return "xlsx"
    if content.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) or b"\x00" not in content:
        return "csv"
    raise FileUnreadable(reason="not_a_table")


def read_file(content: bytes, sheet: Sheet) -> tuple[Table, str]:
    """The table in the file, and how it was written: xlsx, or the encoding. Raises FileUnreadable."""
    if form_of(content) == "xlsx":
        return understood(read_workbook(content), sheet), "xlsx"
    text, encoding = _decoded(content)
    return understood(_lines(text, sheet), sheet), encoding


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        tries = ["utf-16"]
    elif content.startswith(BOM_UTF8):
        tries = ["utf-8-sig"]
    else:
        # Chinese text in GB 18030 is hardly ever valid UTF-8 by accident.
        tries = ["utf-8", "gb18030"]
    for encoding in tries:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding
    raise FileUnreadable(reason="encoding")


def _lines(text: str, sheet: Sheet) -> list[tuple[int, list[str]]]:
    lines = (line.lstrip(" \"'") for line in text.splitlines() if line.strip(_DELIMITERS + ' "'))
    start = next((line for line in lines if not line.startswith(NOTE)), "")

    def understood_by(delimiter: str) -> int:
        return sum(sheet.column_of(heading.strip().strip('"')) is not None for heading in start.split(delimiter))

    delimiter = max(_DELIMITERS, key=understood_by)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [(number, row) for number, row in enumerate(rows, 1) if row]
    except csv.Error:
        raise FileUnreadable(reason="not_a_table") from None
