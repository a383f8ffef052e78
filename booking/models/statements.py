"""What the few statements need that run thousands of times a second: a cursor, arrays, and the ledger's own clock."""

from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import DateTimeField, Func

from booking.rules.clocks import MOST_ASKEW

# rules.clocks.moment as SQL, for a statement that is given `now`.
MOMENT = (
    f"CASE WHEN abs(extract(epoch FROM clock_timestamp() - %(now)s)) < {MOST_ASKEW.total_seconds():.0f} "
    "THEN clock_timestamp() ELSE least(%(now)s, clock_timestamp()) END"
)


class LedgerClock(Func):
    """The ledger's own clock at this moment, as a column."""

    function = "clock_timestamp"
    output_field = DateTimeField()


class _BinaryCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "_BinaryCursor":
        return super().execute(query, params, binary=True)


def quick_cursor() -> CursorWrapper:
    """Like connection.cursor(), with Django's error types and statement log; rows come as numbers, not as their texts.

    Nothing is prepared: a plan that is kept was made for tables of another size, and booked a third fewer people.
    """
    connection.ensure_connection()
    return connection._prepare_cursor(_BinaryCursor(connection.connection))  # type: ignore[attr-defined,no-any-return]


def array_of(values: Iterable[object]) -> str:
    """The text of an SQL array of numbers, UUIDs or words without blanks; the statement casts it.

    psycopg would look at each element of each list by itself, which costs more than everything else it does here.
    """
    return "{" + ",".join(map(str, values)) + "}"


def array_of_texts(values: Iterable[str]) -> str:
    """The text of an SQL array of any texts, quoted."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
