"""A cursor for the few statements that run thousands of times a second: planned once for each connection."""

import time
from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import DateTimeField, Func
from psycopg import errors
from psycopg.pq import TransactionStatus

from booking.rules.clocks import MOST_ASKEW

_RENEW_SECONDS = 0.5

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


class _PreparedCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "_PreparedCursor":
        session = self.connection
        # Django has nothing prepared, and it shall stay like that for everything else.
        session.prepare_threshold = 0
        try:
            return super().execute(query, params, prepare=True, binary=True)
        except errors.FeatureNotSupported:
            # The plan is of a table that a migration has changed since: it would be refused for ever.
            if session.info.transaction_status != TransactionStatus.IDLE:
                session.close()
                raise
            session.execute("DEALLOCATE ALL")
            return super().execute(query, params, prepare=True, binary=True)
        finally:
            session.prepare_threshold = None

    def _send_query_prepared(self, name: bytes, pgq: Any, *, binary: bool | None = None) -> None:
        # What Django's log of statements reads, and psycopg notes only of those that are not prepared.
        self._query = pgq
        super()._send_query_prepared(name, pgq, binary=binary)


def prepared_cursor() -> CursorWrapper:
    """Like connection.cursor(), with Django's error types and statement log, for a prepared statement.

    Behind a pooler, where the next transaction has another session, nothing is prepared.
    """
    connection.ensure_connection()
    kind = _BinaryCursor if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] else _PreparedCursor
    return connection._prepare_cursor(kind(connection.connection))  # type: ignore[attr-defined,no-any-return]


def let_go() -> None:
    """Give this thread's connection back to the pool, unless a transaction is open on it.

    For whoever is about to wait for others: they may need just that connection.
    """
    if connection.connection is not None and not connection.in_atomic_block:
        connection.close()


def open_pool() -> Any:
    """This process's pool of connections; None if it has none yet. Django's `connection.pool` would open one."""
    return connection._connection_pools.get(connection.alias)  # type: ignore[attr-defined]


# When this process last renewed its sessions: everybody notices at the same time that they are gone.
_renewed_at = 0.0


def renew() -> None:
    """After a lost session: have the others that this process keeps opened anew, for they lead to the same server."""
    global _renewed_at
    if connection.in_atomic_block:
        return
    connection.close()
    pool = open_pool()
    if pool is not None and time.monotonic() - _renewed_at > _RENEW_SECONDS:
        _renewed_at = time.monotonic()
        pool.drain()


def array_of(values: Iterable[object]) -> str:
    """The text of an SQL array of numbers, UUIDs or words without blanks; the statement casts it.

    psycopg would look at each element of each list by itself, which costs more than everything else it does here.
    """
    return "{" + ",".join(map(str, values)) + "}"


def array_of_texts(values: Iterable[str]) -> str:
    """The text of an SQL array of any texts, quoted."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
