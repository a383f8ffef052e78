"""The few statements that run thousands of times a second are planned once for each session."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import Error as LedgerError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from booking.models.prepared import prepared_cursor
from tests.factories import make_programme

pytestmark = pytest.mark.django_db(transaction=True)
_NAMES = "SELECT name FROM booking_vaccine WHERE code = ANY(%s::text[])"


def _names(code: str) -> list[str]:
    with prepared_cursor() as cursor:
        cursor.execute(_NAMES, [f"{{{code}}}"])
        return [row[0] for row in cursor.fetchall()]


def _prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%booking_vaccine%%'")
        return int(cursor.fetchone()[0])


@pytest.fixture
def wider() -> Iterator[Any]:
    """Change the type of a column, as a migration does."""

    def change(length: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE booking_vaccine ALTER name TYPE varchar({length})")

    yield change
    change(80)


def test_a_statement_is_planned_once_and_stays_so() -> None:
    code = make_programme().vaccine.code

    assert [_names(code) for _ in range(3)] == [["流感疫苗"]] * 3

    assert _prepared() == 1


def test_everything_else_is_not_prepared() -> None:
    _names("any")
    before = _prepared()

    for _ in range(10):
        make_programme()

    assert _prepared() == before


def test_behind_a_pooler_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    code = make_programme().vaccine.code
    before = _prepared()

    with prepared_cursor() as cursor:
        cursor.execute(f"{_NAMES} AND true", [f"{{{code}}}"])
        assert cursor.fetchall() == [("流感疫苗",)]

    assert _prepared() == before


def test_a_migration_of_the_table_is_not_noticed(wider: Any) -> None:
    code = make_programme().vaccine.code
    _names(code)
    wider(81)

    assert _names(code) == ["流感疫苗"]


def test_in_a_transaction_a_migration_costs_that_transaction_and_no_other(wider: Any) -> None:
    code = make_programme().vaccine.code
    _names(code)
    wider(82)

    with pytest.raises(LedgerError), transaction.atomic():
        _names(code)

    assert _names(code) == ["流感疫苗"]


def test_the_log_of_statements_shows_it_as_any_other() -> None:
    _names("any")

    with CaptureQueriesContext(connection) as sent:
        _names("any")

    assert ["booking_vaccine" in query["sql"] for query in sent] == [True]
