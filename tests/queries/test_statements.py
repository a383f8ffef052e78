"""The few statements that run thousands of times a second: planned for the tables as they are."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models.statements import quick_cursor
from tests.factories import make_programme

pytestmark = pytest.mark.django_db(transaction=True)
_NAMES = "SELECT name FROM booking_vaccine WHERE code = ANY(%s::text[])"


def _names(code: str) -> list[str]:
    with quick_cursor() as cursor:
        cursor.execute(_NAMES, [f"{{{code}}}"])
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def wider() -> Iterator[Any]:
    """Change the type of a column, as a migration does."""

    def change(length: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE booking_vaccine ALTER name TYPE varchar({length})")

    yield change
    change(80)


def test_no_plan_is_kept(wider: Any) -> None:
    """So that it fits the tables, behind a pooler too, and no migration makes one that is refused."""
    code = make_programme().vaccine.code
    for _ in range(10):
        _names(code)
    wider(81)

    assert _names(code) == ["流感疫苗"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] == 0


def test_the_log_of_statements_shows_it_as_any_other() -> None:
    with CaptureQueriesContext(connection) as sent:
        _names("any")

    assert ["booking_vaccine" in query["sql"] for query in sent] == [True]
