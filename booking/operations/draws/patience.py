"""A whole draw is one transaction, which takes longer than any request may."""

from django.db import connection


def take_time() -> None:
    """In the caller's transaction: statements, and waiting for others who work on the same draw, may take minutes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '240s'; SET LOCAL lock_timeout = '240s'")
