"""A cursor for the few statements that run thousands of times a second: planned once for each connection."""

from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class _PreparedCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "_PreparedCursor":
        return super().execute(query, params, prepare=True, binary=True)


def prepared_cursor() -> CursorWrapper:
    """Like connection.cursor(), with Django's error types and statement log, for a prepared statement."""
    connection.ensure_connection()
    return connection._prepare_cursor(_PreparedCursor(connection.connection))  # type: ignore[attr-defined,no-any-return]
