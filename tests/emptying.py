"""Empties the ledger between tests that commit: only the tables that hold rows.

Django empties all eighty tables with their indexes, whatever is in them, which takes longer than most of the tests.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations

_usual = DatabaseOperations.execute_sql_flush


def install() -> None:
    """Have Django's flush empty by this from now on."""
    DatabaseOperations.execute_sql_flush = _quick  # type: ignore[method-assign]


def _quick(operations: Any, statements: Sequence[str]) -> None:
    if any("RESTART IDENTITY" in statement for statement in statements):
        _usual(operations, statements)
        return
    used = operations.connection
    with transaction.atomic(using=used.alias), used.cursor() as cursor:
        tables = used.introspection.django_table_names(only_existing=True, include_views=False)
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in tables))
        filled = [name for (name,) in cursor.fetchall()]
        if filled:
            # Neither in the order that references want, nor asking the guards of what may only be added to.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(";".join(f'DELETE FROM "{name}"' for name in filled))


# What people and administrators leave behind in slots, and the slots; whoever asked for them stays.
_OF_BOOKINGS = (
    "booking_appointmentevent", "booking_message", "booking_offer", "booking_waitlistentry_sites",
    "booking_waitlistentry_districts", "booking_waitlistentry_companions", "booking_waitlistentry",
    "booking_appointment", "booking_slotevent", "booking_slot", "django_q_ormq",
)  # fmt: skip


def empty_bookings() -> None:
    """Forget every slot and what was done in it: for tests that begin anew many times, with the same people."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f"DELETE FROM {table}" for table in _OF_BOOKINGS))
