"""Files that spreadsheets open: nothing in them is a formula."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

# What makes a spreadsheet calculate, also behind blanks.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> str:
    """The value as text that a spreadsheet shows and does not calculate."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u3000").startswith(_BEGINS_A_FORMULA) else text


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The rows as lines of a CSV file, with the mark by which spreadsheets know that it is UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
