"""Reading many rows without holding all of them."""

from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.models import QuerySet


def in_pieces(rows: QuerySet[Any, Any], *, size: int = 2000) -> Iterator[Any]:
    """The rows, so many at a time. Raises django.db.Error and nothing else of the ledger's.

    Django closes its cursor outside of what makes the driver's errors its own: of a session that is lost just then,
    callers that know what to do about a django.db.Error would hear psycopg's.
    """
    with connections[rows.db].wrap_database_errors:
        yield from rows.iterator(chunk_size=size)
