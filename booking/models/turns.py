"""One at a time, where there is no row yet that could be locked."""

from django.db import connection


def wait_for_turn(name: str) -> None:
    """Wait until nobody else has this turn; it is ours until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
