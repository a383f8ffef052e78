"""Files that spreadsheets open: UTF-8 with the mark by which they know it, and nothing in them is a formula."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

# What makes a spreadsheet calculate, also behind blanks; some take the full-width signs for the same.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """Text that begins like a formula gets an apostrophe in front; None is empty; numbers and all else stay."""
    if isinstance(value, str) and value.lstrip(" \u3000").startswith(_BEGINS_A_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The rows as lines of a CSV file, the mark first."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A whole file: the header's line, then the rows."""
    return "".join(csv_lines(chain([header], rows))).encode()


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
