"""Reads what was written on the command line, and says clearly what is wrong with it."""

import argparse
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.management.base import CommandError
from django.db.models import Model

M = TypeVar("M", bound=Model)


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """An argparse type: a whole number from `low` to `high`, written in the digits 0 to 9."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 12 and low <= int(text) <= high):
            raise argparse.ArgumentTypeError(f"must be a whole number from {low:,} to {high:,}, not {text!r}")
        return int(text)

    return read


def find(model: type[M], code: str) -> M:
    """The row with that code. Raises CommandError, which names some codes that exist."""
    rows: Any = model._default_manager
    if (found := rows.filter(code=code).first()) is not None:
        return found
    known = list(rows.order_by("code").values_list("code", flat=True)[:5])
    hint = f"There are, for instance: {', '.join(known)}." if known else "There is none yet."
    raise CommandError(f"No {model._meta.model_name} has the code {code!r}. {hint}")
