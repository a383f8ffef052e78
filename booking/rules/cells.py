"""A cell of a table that somebody filled in: what it says, as text, number or time, and how it leaves again unharmed.

What cannot be read is refused by a code and facts; the door has the words.
"""

import re
import unicodedata
from datetime import date, time
from typing import Any

# What spreadsheets take for a formula at the beginning of a cell, the full-width forms included.
_FORMULA = "=+\\-@\t\r\n＝＋－＠"
_DANGEROUS = re.compile(f"'*[{_FORMULA}]")
_GUARDED = re.compile(f"'+[{_FORMULA}]")
# Blanks that are not seen; at the ends of a cell they are an accident.
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
# Marks that make the rest of a line run the other way: they only serve to mislead.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WHOLE = re.compile(r"[+-]?(\d{1,9}|\d{1,3}(,\d{3}){1,2})(\.0+)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,9}(\.\d{1,20})?([eE][+-]?\d{1,2})?", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:点时](\d{2})?分?(:00)?", re.ASCII)


class BadCell(ValueError):
    """The cell cannot be taken as it is. `code` says why, `facts` what the words need."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def guarded(text: str) -> str:
    """The text as a spreadsheet may open it: what it would run as a formula gets an apostrophe in front."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def plain(cell: str) -> str:
    """What a cell says: without blanks at its ends and without the apostrophe that `guarded` put in front.

    Raises BadCell for formulas and for characters that nobody can see.
    """
    text = cell.strip().strip(_UNSEEN).strip()
    if text.startswith("="):
        raise BadCell("formula")
    if any(unicodedata.category(sign) in ("Cc", "Cs") or sign in _TURNING for sign in text):
        raise BadCell("unseen")
    return text[1:] if _GUARDED.match(text) else text


def code(cell: str) -> str:
    """A cell that holds a code or a number: full-width letters and digits become ordinary ones. Raises BadCell."""
    return unicodedata.normalize("NFKC", plain(cell)).strip()


def whole_number(cell: str, *, least: int, most: int) -> int | None:
    """A whole number within bounds; None for an empty cell. Raises BadCell."""
    text = code(cell)
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise BadCell("not_whole" if _DECIMAL.fullmatch(text) else "not_a_number")
    return int(_within(int(text.split(".")[0].replace(",", "")), least, most))


def decimal(cell: str, *, least: float, most: float) -> float | None:
    """A number within bounds; None for an empty cell. Raises BadCell."""
    text = code(cell)
    if not text:
        return None
    if not _DECIMAL.fullmatch(text):
        raise BadCell("not_a_number")
    return float(_within(float(text), least, most))


def _within(number: float, least: float, most: float) -> float:
    if number < least:
        raise BadCell("too_small", limit=least)
    if number > most:
        raise BadCell("too_large", limit=most)
    return number


def clock(cell: str) -> time | None:
    """A time of day as 8:00, 08:00, 8点 or 8点30; None for an empty cell. Raises BadCell."""
    text = code(cell)
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    # "8:" is not a time, "8点" is.
    if not found or (":" in text and not found[2]):
        raise BadCell("not_a_time")
    hours, minutes = int(found[1]), int(found[2] or 0)
    if hours > 23 or minutes > 59:
        raise BadCell("not_a_time")
    return time(hours, minutes)


def day(cell: str) -> date | None:
    """A date: 2026-03-01, 2026/3/1 or 2026年3月1日, with or without 0:00; None if empty. Raises BadCell."""
    text = code(cell)
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else _bad_day()
    except ValueError:
        return _bad_day()


def _bad_day() -> date:
    raise BadCell("not_a_day") from None
