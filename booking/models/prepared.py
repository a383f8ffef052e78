"""A cursor for the few statements that run thousands of times a second: planned once for each connection."""

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


class _PreparedCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "_PreparedCursor":
        return super().execute(query, params, prepare=True, binary=True)


def prepared_cursor() -> CursorWrapper:
    """Like connection.cursor(), with Django's error types and statement log, for a prepared statement."""
    connection.ensure_connection()
    return connection._prepare_cursor(_PreparedCursor(connection.connection))  # type: ignore[attr-defined,no-any-return]


def let_go() -> None:
    """Give this thread's connection back to the pool, unless a transaction is open on it.

    For whoever is about to wait for others: they may need just that connection.
    """
    if connection.connection is not None and not connection.in_atomic_block:
        connection.close()


def array_of(values: Iterable[object]) -> str:
    """The text of an SQL array of numbers, UUIDs or words without blanks; the statement casts it.

    psycopg would look at each element of each list by itself, which costs more than everything else it does here.
    """
    return "{" + ",".join(map(str, values)) + "}"


def array_of_texts(values: Iterable[str]) -> str:
    """The text of an SQL array of any texts, quoted."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
