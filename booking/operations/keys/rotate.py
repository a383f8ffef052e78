"""Every encrypted value is encrypted anew with the first key of the ring, while the city goes on."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.encryption import CannotDecrypt, decrypt, encrypt
from booking.operations.keys.columns import Column, encrypted_columns

# Rows of one statement: some milliseconds, so that nobody waits for them.
ROWS_AT_ONCE = 500


@dataclass(slots=True)
class Rotated:
    """How far it has come: values looked at, encrypted anew, changed by somebody else meanwhile, unreadable."""

    looked_at: int = 0
    rotated: int = 0
    changed_meanwhile: int = 0
    unreadable: dict[str, int] = field(default_factory=dict)


def rows_by_key() -> dict[str, dict[str, int]]:
    """How many values of each column each key has encrypted. Reads every row once."""
    counts: dict[str, dict[str, int]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        # A whole table takes longer than a statement of the city may.
        cursor.execute("SET LOCAL statement_timeout = 0")
        for column in encrypted_columns():
            cursor.execute(
                f"SELECT encode(substring({column.read} FROM 2 FOR get_byte({column.read}, 0)), 'escape'), count(*) "
                f'FROM "{column.table}" AS "row" WHERE length({column.read}) > 0 GROUP BY 1 ORDER BY 1'
            )
            counts[str(column)] = dict(cursor.fetchall())
    return counts


def rotate_keys(*, rows_a_second: int, tell: Callable[[Rotated], None]) -> Rotated:
    """Encrypt with the first key what another one has encrypted, in batches; `tell` hears how far it has come.

    It may be ended at any moment and started again: what is done is done. A value that somebody changes meanwhile is
    theirs: it is written over only if it is still what was read.
    """
    done = Rotated()
    for column in encrypted_columns():
        for batch in _batches(column):
            began = time.monotonic()
            _rotate(column, [(key, bytes(old)) for key, old in batch if old is not None], done)
            done.looked_at += len(batch)
            tell(done)
            # What was already done costs the ledger next to nothing and is not slowed down.
            written = sum(old is not None for _, old in batch)
            time.sleep(max(0.0, written / rows_a_second - (time.monotonic() - began)))
    return done


def _first_key() -> bytes:
    """How a value begins that the first key has encrypted."""
    key_id = next(iter(settings.FIELD_KEYS)).encode()
    return bytes([len(key_id)]) + key_id


def _batches(column: Column) -> Iterator[list[tuple[Any, Any]]]:
    """The rows in the order of their keys; those that need nothing without their value."""
    last, first = None, _first_key()
    while True:
        after = "" if last is None else f'AND "row"."{column.key}" > %(last)s'
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT "row"."{column.key}", CASE WHEN substring({column.read} FOR %(length)s) <> %(first)s '
                f'THEN {column.read} END FROM "{column.table}" AS "row" '
                f'WHERE length({column.read}) > 0 {after} ORDER BY "row"."{column.key}" LIMIT %(most)s',
                {"length": len(first), "first": first, "last": last, "most": ROWS_AT_ONCE},
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _rotate(column: Column, rows: list[tuple[Any, bytes]], done: Rotated) -> None:
    new: list[tuple[Any, bytes, bytes]] = []
    for key, old in rows:
        try:
            new.append((key, old, encrypt(decrypt(old, associated=column.associated), associated=column.associated)))
        except CannotDecrypt:
            done.unreadable[str(column)] = done.unreadable.get(str(column), 0) + 1
    if not new:
        return
    keys, olds, sealed = zip(*new, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{column.table}" AS "row" SET {column.write} '
            f"FROM unnest(%s::{column.key_type}[], %s::bytea[], %s::bytea[]) AS new (key, old, sealed) "
            # Compared again by the one statement that writes: whoever was faster keeps what they wrote.
            f'WHERE "row"."{column.key}" = new.key AND {column.read} = new.old',
            [list(keys), list(olds), list(sealed)],
        )
        done.rotated += cursor.rowcount
        done.changed_meanwhile += len(new) - cursor.rowcount
